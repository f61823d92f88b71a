"""Two steps of a pipeline at once: the next batch is prepared while the one before is still at work."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Self


class OneAhead:
    """Runs one piece of work in the background. Leaving the context waits for it, or cancels it when the context failed."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    async def submit(self, work: Coroutine[None, None, None]) -> None:
        """Wait for the work before, then start this. Raises what the work before raised."""
        try:
            await self._finish()
        except BaseException:
            work.close()
            raise
        self._task = asyncio.create_task(work)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None:
            await self._finish()
        elif self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _finish(self) -> None:
        if self._task is not None:
            await self._task
