"""Where work waits for a worker."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from aelus.domain.jobs import JobId
from aelus.domain.tenancy import TenantId


class Task(StrEnum):
    """What a message asks for. Each kind waits in a queue of its own."""

    REPOSITORY = "parse_and_index_repository"
    """Do a job: index its repository."""
    FILES = "parse_and_index_file"
    """Help with a job at work: parse files of its repository."""
    VECTORS = "embed_repository"
    """Make some of the vectors that an index lacks, where a service makes them."""


ALL_TASKS: Final = (Task.FILES, Task.REPOSITORY, Task.VECTORS)
"""In the order in which they are taken: what is begun is brought to an end first, and what nobody finds yet comes before what is found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobMessage:
    """Says that a job is there to be done. Delivered at least once: the handler asks the job record what is left."""

    tenant: TenantId
    job: JobId
    """What it is about; the repository, where it asks for vectors."""
    task: Task = Task.REPOSITORY
    request_id: str = ""
    """Of the request that asked for the job; empty where there was none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueDepth:
    """How much there is to do, for those who watch a service and add workers to it."""

    task: Task
    waiting: int
    """Messages that no worker has."""
    at_work: int
    """Messages that a worker has, or had when it died."""
    oldest_s: float
    """Seconds that the oldest of those that wait has waited; 0 where none does."""


JobHandler = Callable[[JobMessage], Awaitable[None]]


class Queue(Protocol):
    """Fair among tenants: who has many messages waiting delays the first one of another by one message at most."""

    async def publish(self, message: JobMessage) -> None:
        """Raises Unavailable."""
        ...

    async def work(self, handler: JobHandler, *, concurrency: int = 1, tasks: Sequence[Task] = ALL_TASKS) -> None:
        """Take messages of these kinds, the first-named first, and hand them to `handler` until cancelled, or until `stop`.

        A message whose handler raises or whose worker dies is delivered again, a bounded number of times, then kept as dead.
        """
        ...

    async def stop(self) -> None:
        """Let `work` take no new message, wait for those at work, and return."""
        ...

    async def depths(self) -> Sequence[QueueDepth]:
        """Of every kind, in the order of `ALL_TASKS`. Raises Unavailable."""
        ...

    async def workers(self) -> int:
        """Processes that take messages now. Raises Unavailable."""
        ...

    async def healthy(self) -> bool:
        """Whether the queue's service answers now."""
        ...

    async def forget(self, tenant: TenantId) -> None:
        """Remove the messages of a tenant, those too that were given up. Raises Unavailable."""
        ...
