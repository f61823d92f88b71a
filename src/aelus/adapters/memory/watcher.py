"""Changes that the program itself tells of."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class MemoryWatcher:
    """For sources that do not lie in files, and for programs that know themselves when something changes."""

    def __init__(self) -> None:
        self._watching: dict[str, list[asyncio.Queue[str]]] = {}

    def tell(self, path: str) -> None:
        """Something below each watched folder that holds the path has changed."""
        for folder, listeners in self._watching.items():
            if path.startswith(f"{folder}/"):
                for listener in listeners:
                    listener.put_nowait(path)

    @asynccontextmanager
    async def watch(self, folder: str) -> AsyncIterator[AsyncIterator[frozenset[str]]]:
        told: asyncio.Queue[str] = asyncio.Queue()
        listeners = self._watching.setdefault(folder, [])
        listeners.append(told)
        try:
            yield _batches(told)
        finally:
            listeners.remove(told)


async def _batches(told: asyncio.Queue[str]) -> AsyncIterator[frozenset[str]]:
    while True:
        batch = {await told.get()}
        while not told.empty():
            batch.add(told.get_nowait())
        yield frozenset(batch)
