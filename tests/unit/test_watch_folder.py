from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from dependency_injector import providers

from aelus.adapters.memory import MemoryWatcher
from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.errors import LocationNotFound
from sample_project import write_project


@pytest.fixture
def watcher() -> MemoryWatcher:
    return MemoryWatcher()


@pytest.fixture
def watching(use_cases: UseCases, watcher: MemoryWatcher) -> UseCases:
    return UseCases(ports=providers.Object(replace(use_cases.ports(), watcher=watcher)))


async def test_what_changes_is_indexed_as_it_changes(watching: UseCases, watcher: MemoryWatcher, project: Path) -> None:
    reports = watching.watch_folder()(LOCAL_TENANT, str(project))
    assert (await anext(reports)).counts.files == 4
    write_project(project, {"shop/stock.py": "def in_stock() -> bool:\n    return True\n"})
    watcher.tell(str(project / "shop" / "stock.py"))
    again = await anext(reports)
    assert (again.counts.files, again.written.chunks) == (5, 1)
    await reports.aclose()


async def test_it_waits_for_somebody_who_indexes_the_same_folder(watching: UseCases, watcher: MemoryWatcher, project: Path) -> None:
    reports = watching.watch_folder()(LOCAL_TENANT, str(project))
    first = await anext(reports)
    async with watching.ports().indexes.session(LOCAL_TENANT, first.repository_id):
        watcher.tell(str(project / "a.py"))
        following = asyncio.ensure_future(anext(reports))
        await asyncio.sleep(0.05)
        assert not following.done()
    assert (await following).up_to_date
    await reports.aclose()


async def test_a_folder_that_goes_away_ends_it(watching: UseCases, watcher: MemoryWatcher, project: Path) -> None:
    reports = watching.watch_folder()(LOCAL_TENANT, str(project))
    await anext(reports)
    shutil.move(project, f"{project}-elsewhere")
    watcher.tell(str(project / "a.py"))
    with pytest.raises(LocationNotFound):
        await anext(reports)
