"""One suite for every `Watcher`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from aelus.adapters.folder.folder_watcher import FolderWatcher
from aelus.adapters.memory import MemoryWatcher
from aelus.ports.errors import LocationNotFound
from aelus.ports.watcher import Watcher

Touch = Callable[[str], str]
LIMIT_S = 20


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "watched" / "inner").mkdir(parents=True)
    return tmp_path / "watched"


@pytest.fixture(params=["memory", "folder"])
def watcher(request: pytest.FixtureRequest, tmp_path: Path) -> Watcher:
    return MemoryWatcher() if request.param == "memory" else FolderWatcher(without=(tmp_path / "watched" / "home",))


@pytest.fixture
def touch(watcher: Watcher, folder: Path) -> Touch:
    """Change a file below the folder; return its path."""

    def touch(name: str) -> str:
        path = folder / name
        if isinstance(watcher, MemoryWatcher):
            watcher.tell(str(path))
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text("changed")
        return str(path)

    return touch


async def test_a_change_is_heard_of(watcher: Watcher, folder: Path, touch: Touch) -> None:
    async with asyncio.timeout(LIMIT_S), watcher.watch(str(folder)) as changes:
        path = touch("inner/a.py")
        assert path in await anext(changes)


async def test_what_happens_while_a_batch_is_dealt_with_is_in_the_next(watcher: Watcher, folder: Path, touch: Touch) -> None:
    async with asyncio.timeout(LIMIT_S), watcher.watch(str(folder)) as changes:
        touch("a.py")
        await anext(changes)
        later = touch("b.py")
        await asyncio.sleep(0.5)
        heard = await anext(changes)
        while later not in heard:
            heard = await anext(changes)


async def test_each_of_two_watchers_hears_of_its_own_folder(watcher: Watcher, folder: Path, touch: Touch) -> None:
    async with asyncio.timeout(LIMIT_S), watcher.watch(str(folder)) as all_of_it, watcher.watch(str(folder / "inner")) as inner:
        outer_path, inner_path = touch("a.py"), touch("inner/b.py")
        assert await anext(inner) == {inner_path}
        heard = await anext(all_of_it)
        while not {outer_path, inner_path} <= heard:
            heard |= await anext(all_of_it)


async def test_folders_of_version_control_and_of_aelus_itself_are_left_out(folder: Path) -> None:
    watcher = FolderWatcher(without=(folder / "home",))
    for name in (".git", "home", "__pycache__"):
        (folder / name).mkdir()
    async with asyncio.timeout(LIMIT_S), watcher.watch(str(folder)) as changes:
        for name in (".git/index", "home/data", "__pycache__/a.pyc", "a.py"):
            (folder / name).write_text("changed")
        assert await anext(changes) == {str(folder / "a.py")}


async def test_a_folder_that_is_not_there_is_refused(folder: Path) -> None:
    with pytest.raises(LocationNotFound, match="gone"):
        async with FolderWatcher().watch(str(folder / "gone")):
            pass
