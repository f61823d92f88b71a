"""The queue inside one process: messages are lost with it, so job records are republished at start."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Final

from aelus.ports.queue import JobHandler, JobMessage

DELIVERIES: Final = 3
"""Times that a message is handed to a handler that fails, before it is kept as dead."""
RETRY_S: Final = 0.2
"""Pause before the second delivery; it doubles each time."""


class MemoryQueue:
    """Args: retry_s: pause before a message is delivered again."""

    def __init__(self, *, retry_s: float = RETRY_S) -> None:
        self._waiting: asyncio.Queue[JobMessage | None] = asyncio.Queue()
        self._deliveries: Counter[JobMessage] = Counter()
        self._held: set[JobMessage] = set()
        self._retry_s = retry_s
        self._workers = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._later: set[asyncio.Task[None]] = set()
        self.dead: list[JobMessage] = []
        """Messages that were given up."""

    async def publish(self, message: JobMessage) -> None:
        """A message that waits or is at work already is not kept twice: whoever hears of it reads what is left in the job's record."""
        if message not in self._held:
            self._held.add(message)
            self._waiting.put_nowait(message)

    async def work(self, handler: JobHandler, *, concurrency: int = 1) -> None:
        self._workers += concurrency
        self._idle.clear()
        try:
            await asyncio.gather(*[self._work(handler) for _ in range(concurrency)])
        finally:
            self._workers -= concurrency
            if not self._workers:
                self._idle.set()

    async def _work(self, handler: JobHandler) -> None:
        while (message := await self._waiting.get()) is not None:
            try:
                await handler(message)
            except asyncio.CancelledError:
                self._waiting.put_nowait(message)
                raise
            except Exception:  # noqa: BLE001 - the outermost loop of a worker: the handler has logged what went wrong
                self._fail(message)
            else:
                self._deliveries.pop(message, None)
                self._held.discard(message)

    def _fail(self, message: JobMessage) -> None:
        self._deliveries[message] += 1
        if self._deliveries[message] >= DELIVERIES:
            self.dead.append(message)
            self._held.discard(message)
            del self._deliveries[message]
            return
        task = asyncio.create_task(self._redeliver(message, self._retry_s * 2 ** (self._deliveries[message] - 1)))
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def _redeliver(self, message: JobMessage, delay_s: float) -> None:
        await asyncio.sleep(delay_s)
        self._waiting.put_nowait(message)

    async def stop(self) -> None:
        for _ in range(self._workers):
            self._waiting.put_nowait(None)
        await self._idle.wait()

    async def healthy(self) -> bool:
        return True
