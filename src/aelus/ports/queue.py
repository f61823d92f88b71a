"""Where work waits for a worker."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from aelus.domain.jobs import JobId
from aelus.domain.tenancy import TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class JobMessage:
    """Says that a job is there to be done. Delivered at least once: the handler asks the job record what is left."""

    tenant: TenantId
    job: JobId


JobHandler = Callable[[JobMessage], Awaitable[None]]


class Queue(Protocol):
    async def publish(self, message: JobMessage) -> None:
        """Raises Unavailable."""
        ...

    async def work(self, handler: JobHandler, *, concurrency: int = 1) -> None:
        """Take messages and hand them to `handler` until cancelled, or until `stop`.

        A message whose handler raises or whose worker dies is delivered again, a bounded number of times, then kept as dead.
        """
        ...

    async def stop(self) -> None:
        """Let `work` take no new message, wait for those at work, and return."""
        ...

    async def healthy(self) -> bool:
        """Whether the queue's service answers now."""
        ...
