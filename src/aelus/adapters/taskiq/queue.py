"""The queue port over the broker."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final, Self
from uuid import UUID

from redis.exceptions import RedisError
from taskiq import Context, TaskiqDepends
from taskiq.acks import AcknowledgeType
from taskiq.receiver import Receiver

from aelus.adapters.taskiq.broker import DELIVERIES, LEASE_S, REQUEST_LABEL, TENANT_LABEL, LeaseStreamBroker
from aelus.domain.tenancy import TenantId
from aelus.ports.errors import Unavailable
from aelus.ports.queue import ALL_TASKS, JobHandler, JobMessage, QueueDepth, Task

STREAM: Final = "aelus:jobs"


class TaskiqQueue:
    """Messages in a Redis stream. Use it as an asynchronous context manager.

    Args:
        url: of Redis 6.2 or newer.
        stream: what its keys there begin with.
        lease_s: seconds behind a worker's last sign of life after which its messages go to another one.
        deliveries: times that a message is delivered before it is dead.
    """

    def __init__(self, url: str, *, stream: str = STREAM, lease_s: float = LEASE_S, deliveries: int = DELIVERIES) -> None:
        self._broker = LeaseStreamBroker(url, queue_name=stream, names=ALL_TASKS, lease_s=lease_s, deliveries=deliveries)

        async def run(tenant: str, job: str, context: Context = TaskiqDepends()) -> None:  # noqa: B008 - taskiq's way to inject
            await self._run(tenant, job, context)

        self._tasks = {task: self._broker.register_task(run, task_name=task.value) for task in ALL_TASKS}
        self._handler: JobHandler | None = None
        self._finish = asyncio.Event()
        self._working: set[asyncio.Task[None]] = set()
        self._handling: set[asyncio.Future[None]] = set()

    async def __aenter__(self) -> Self:
        try:
            await self._broker.startup()
            await self._broker.redis.ping()
        except (RedisError, OSError) as error:
            raise Unavailable("Redis does not answer.", "Check that it runs and that AELUS_REDIS_URL is right.") from error
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._broker.shutdown()

    async def publish(self, message: JobMessage) -> None:
        try:
            kicker = (
                self._tasks[message.task].kicker().with_labels(**{TENANT_LABEL: str(message.tenant), REQUEST_LABEL: message.request_id})
            )
            await kicker.kiq(str(message.tenant), str(message.job))
        except Exception as error:
            raise Unavailable("The queue does not take the job: Redis does not answer.", "Try again.") from error

    async def work(self, handler: JobHandler, *, concurrency: int = 1, tasks: Sequence[Task] = ALL_TASKS) -> None:
        self._handler = handler
        self._broker.listened = tuple(tasks)
        self._finish.clear()
        receiver = Receiver(
            self._broker, max_async_tasks=concurrency, run_startup=False, ack_type=AcknowledgeType.MANUAL, validate_params=False
        )
        listening = asyncio.create_task(receiver.listen(self._finish))
        self._working.add(listening)
        try:
            await asyncio.shield(listening)
        except asyncio.CancelledError:
            # The receiver lets its tasks run on when it is cancelled itself, and their leases would be kept.
            for task in (*self._handling, listening):
                task.cancel()
            await asyncio.wait([listening])
            raise
        finally:
            self._working.discard(listening)

    async def _run(self, tenant: str, job: str, context: Context) -> None:
        assert self._handler is not None
        request_id = str(context.message.labels.get(REQUEST_LABEL, ""))
        message = JobMessage(tenant=UUID(tenant), job=UUID(job), task=Task(context.message.task_name), request_id=request_id)
        handling = asyncio.ensure_future(self._handler(message))
        self._handling.add(handling)
        try:
            await handling
        except BaseException:
            self._broker.release(context.message.task_id)
            raise
        finally:
            self._handling.discard(handling)
            handling.cancel()
        await context.ack()

    async def stop(self) -> None:
        self._finish.set()
        if self._working:
            await asyncio.wait(self._working)

    async def depths(self) -> Sequence[QueueDepth]:
        try:
            found = [(Task(name), await streams.depth()) for name, streams in self._broker.streams.items()]
        except (RedisError, OSError) as error:
            raise Unavailable("The queue does not say how long it is: Redis does not answer.", "Try again.") from error
        return [QueueDepth(task=task, waiting=waiting, at_work=at_work, oldest_s=age) for task, (waiting, at_work, age) in found]

    async def forget(self, tenant: TenantId) -> None:
        try:
            for streams in self._broker.streams.values():
                await streams.forget(str(tenant))
        except (RedisError, OSError) as error:
            raise Unavailable("The queue does not answer, which holds messages of the tenant.", "Try again.") from error

    async def workers(self) -> int:
        try:
            return await self._broker.attendance.count()
        except (RedisError, OSError) as error:
            raise Unavailable("The queue does not say who works: Redis does not answer.", "Try again.") from error

    async def healthy(self) -> bool:
        try:
            return bool(await self._broker.redis.ping())
        except (RedisError, OSError):
            return False
