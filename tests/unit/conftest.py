"""The whole service in memory, for tests of use cases and doors."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from aelus import Aelus
from aelus.application.reports import IndexReport
from aelus.entrypoints.container import open_memory
from aelus.entrypoints.http.app import create_app
from aelus.entrypoints.settings import Settings, load_settings
from aelus.entrypoints.use_cases import UseCases
from sample_project import write_project


@pytest.fixture
def memory_settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path / "home", parser_processes=1, path_roots=(tmp_path,), stranger_requests=10_000)


@pytest.fixture
async def use_cases(memory_settings: Settings) -> AsyncIterator[UseCases]:
    async with open_memory(memory_settings) as opened:
        yield opened


@pytest.fixture
async def aelus(use_cases: UseCases) -> Aelus:
    return Aelus(use_cases)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_project(tmp_path / "project")


@pytest.fixture
async def indexed(aelus: Aelus, project: Path) -> IndexReport:
    """The sample project, indexed under the name `project`."""
    return await aelus.index(project)


@pytest.fixture
async def client(use_cases: UseCases, memory_settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=create_app(use_cases, memory_settings))
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as opened:
        yield opened
