"""A database of its own for whoever asks."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import AsyncIterator

import asyncpg

from services import named

_numbers = itertools.count(1)


@contextlib.asynccontextmanager
async def fresh_database(server: str, template: str) -> AsyncIterator[str]:
    """Owner's address of a copy of the template, which goes with the context."""
    name = f"test_{next(_numbers)}"
    connection = await asyncpg.connect(server)
    await connection.execute(f"create database {name} template {template} strategy wal_log")
    yield named(server, name)
    await connection.execute(f"drop database {name} with (force)")
    await connection.close()
