"""Indexes a folder in memory."""

from __future__ import annotations

from pathlib import Path

from aelus import Aelus
from aelus.adapters.memory import MemoryDatabase
from aelus.entrypoints.container import open_memory
from aelus.entrypoints.settings import load_settings


async def index_in_memory(folder: Path, name: str) -> MemoryDatabase:
    """A database that holds the index of the folder and nothing else."""
    database = MemoryDatabase()
    async with open_memory(load_settings(parser_processes=1), database) as use_cases:
        await Aelus(use_cases).index(folder, name=name)
    return database
