"""The queue inside one process: messages are lost with it, so job records are republished at start."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Final

from aelus.adapters.memory.fair_line import FairLine
from aelus.domain.tenancy import TenantId
from aelus.ports.queue import ALL_TASKS, JobHandler, JobMessage, QueueDepth, Task

DELIVERIES: Final = 3
"""Times that a message is handed to a handler that fails, before it is kept as dead."""
RETRY_S: Final = 0.2
"""Pause before the second delivery; it doubles each time."""


class MemoryQueue:
    """Args: retry_s: pause before a message is delivered again."""

    def __init__(self, *, retry_s: float = RETRY_S) -> None:
        self._lines = {task: FairLine() for task in ALL_TASKS}
        self._changed = asyncio.Condition()
        self._deliveries: Counter[JobMessage] = Counter()
        self._held: set[JobMessage] = set()
        self._retry_s = retry_s
        self._workers = 0
        self._stopping = False
        self._later: set[asyncio.Task[None]] = set()
        self.dead: list[JobMessage] = []
        """Messages that were given up."""

    async def publish(self, message: JobMessage) -> None:
        """A message that waits or is at work already is not kept twice: whoever hears of it reads what is left in the job's record."""
        if message not in self._held:
            self._held.add(message)
            await self._put(message)

    async def _put(self, message: JobMessage) -> None:
        self._lines[message.task].put(message)
        async with self._changed:
            self._changed.notify_all()

    async def work(self, handler: JobHandler, *, concurrency: int = 1, tasks: Sequence[Task] = ALL_TASKS) -> None:
        self._stopping = False
        self._workers += concurrency
        try:
            await asyncio.gather(*[self._work(handler, tasks) for _ in range(concurrency)])
        finally:
            self._workers -= concurrency
            async with self._changed:
                self._changed.notify_all()

    async def _work(self, handler: JobHandler, tasks: Sequence[Task]) -> None:
        while (message := await self._next(tasks)) is not None:
            try:
                await handler(message)
            except asyncio.CancelledError:
                self._lines[message.task].put(message)
                raise
            except Exception:  # noqa: BLE001 - the outermost loop of a worker: the handler has logged what went wrong
                self._fail(message)
            else:
                self._deliveries.pop(message, None)
                self._held.discard(message)

    async def _next(self, tasks: Sequence[Task]) -> JobMessage | None:
        """The next message, as soon as there is one; None when the work shall end."""
        async with self._changed:
            while not self._stopping:
                for task in tasks:
                    message = self._lines[task].take()
                    if message is not None:
                        return message
                await self._changed.wait()
        return None

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
        await self._put(message)

    async def stop(self) -> None:
        async with self._changed:
            self._stopping = True
            self._changed.notify_all()
            await self._changed.wait_for(lambda: not self._workers)

    async def depths(self) -> Sequence[QueueDepth]:
        held = Counter(message.task for message in self._held)
        return [
            QueueDepth(task=task, waiting=len(line), at_work=held[task] - len(line), oldest_s=line.oldest_s)
            for task, line in self._lines.items()
        ]

    async def forget(self, tenant: TenantId) -> None:
        for line in self._lines.values():
            self._held.difference_update(line.forget(tenant))
        self.dead = [message for message in self.dead if message.tenant != tenant]

    async def workers(self) -> int:
        return min(1, self._workers)

    async def healthy(self) -> bool:
        return True
