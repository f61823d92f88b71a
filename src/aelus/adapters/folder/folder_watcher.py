"""Hearing from the operating system that files of a folder change."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aelus.adapters.folder.folder_reader import resolve_folder
from aelus.domain.exclusions import CACHE_FOLDERS, METADATA_FOLDERS
from aelus.ports.errors import Misconfigured

if TYPE_CHECKING:
    from watchfiles import Change

QUIET_MS: Final = 100
"""A batch ends when nothing has changed for this long: editors write a file in several steps."""
LONGEST_MS: Final = 1000
"""A batch ends after this in any case."""
SILENT: Final = METADATA_FOLDERS | CACHE_FOLDERS


class FolderWatcher:
    """Args: without: folders that are left out, such as the one that Aelus itself writes to."""

    def __init__(self, *, without: Collection[Path] = ()) -> None:
        self._without = tuple(f"{folder}{os.sep}" for folder in without)

    @asynccontextmanager
    async def watch(self, folder: str) -> AsyncIterator[AsyncIterator[frozenset[str]]]:
        root = await asyncio.to_thread(resolve_folder, folder)
        batches: asyncio.Queue[frozenset[str] | Exception] = asyncio.Queue()
        listening = asyncio.create_task(self._listen(str(root), batches))
        await asyncio.sleep(0)
        try:
            yield _received(batches)
        finally:
            listening.cancel()
            await asyncio.wait([listening])

    async def _listen(self, folder: str, batches: asyncio.Queue[frozenset[str] | Exception]) -> None:
        from watchfiles import awatch

        concerns = _Filter(folder, self._without)
        try:
            async for changes in awatch(folder, watch_filter=concerns, step=QUIET_MS, debounce=LONGEST_MS):
                batches.put_nowait(frozenset(path for _, path in changes))
        except (OSError, RuntimeError) as error:
            advice = "Raise the system's limit (Linux: sysctl fs.inotify.max_user_watches), or watch a smaller folder."
            batches.put_nowait(Misconfigured(f"The folder {folder!r} cannot be watched: {error}.", advice))


class _Filter:
    def __init__(self, folder: str, without: tuple[str, ...]) -> None:
        self._folder = folder
        self._without = without

    def __call__(self, _change: Change, path: str) -> bool:
        return SILENT.isdisjoint(path.removeprefix(self._folder).split("/")) and not path.startswith(self._without)


async def _received(batches: asyncio.Queue[frozenset[str] | Exception]) -> AsyncIterator[frozenset[str]]:
    while True:
        batch = await batches.get()
        if isinstance(batch, Exception):
            raise batch
        while not batches.empty() and isinstance(more := batches.get_nowait(), frozenset):
            batch |= more
        yield batch
