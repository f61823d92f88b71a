"""The queue port over the broker."""

from __future__ import annotations

import asyncio
from typing import Final, Self
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError
from taskiq import Context, TaskiqDepends
from taskiq.acks import AcknowledgeType
from taskiq.receiver import Receiver

from aelus.adapters.taskiq.broker import DELIVERIES, LEASE_S, LeaseStreamBroker
from aelus.ports.errors import Unavailable
from aelus.ports.queue import JobHandler, JobMessage

STREAM: Final = "aelus:jobs"
TASK: Final = "aelus.run_job"


class TaskiqQueue:
    """Messages in a Redis stream. Use it as an asynchronous context manager.

    Args:
        url: of Redis 6.2 or newer.
        stream: its key there.
        lease_s: seconds behind a worker's last sign of life after which its messages go to another one.
        deliveries: times that a message is delivered before it is dead.
    """

    def __init__(self, url: str, *, stream: str = STREAM, lease_s: float = LEASE_S, deliveries: int = DELIVERIES) -> None:
        self._broker = LeaseStreamBroker(url, queue_name=stream, lease_s=lease_s, deliveries=deliveries)

        async def run_job(tenant: str, job: str, context: Context = TaskiqDepends()) -> None:  # noqa: B008 - taskiq's way to inject
            await self._run(tenant, job, context)

        self._task = self._broker.register_task(run_job, task_name=TASK)
        self._handler: JobHandler | None = None
        self._finish = asyncio.Event()
        self._working: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        try:
            await self._broker.startup()
        except RedisError as error:
            raise Unavailable("Redis does not answer.", "Check that it runs and that AELUS_REDIS_URL is right.") from error
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._broker.shutdown()

    async def publish(self, message: JobMessage) -> None:
        try:
            await self._task.kiq(str(message.tenant), str(message.job))
        except Exception as error:
            raise Unavailable("The queue does not take the job: Redis does not answer.", "Try again.") from error

    async def work(self, handler: JobHandler, *, concurrency: int = 1) -> None:
        self._handler = handler
        self._finish.clear()
        receiver = Receiver(
            self._broker, max_async_tasks=concurrency, run_startup=False, ack_type=AcknowledgeType.MANUAL, validate_params=False
        )
        listening = asyncio.create_task(receiver.listen(self._finish))
        self._working.add(listening)
        try:
            await asyncio.shield(listening)
        except asyncio.CancelledError:
            listening.cancel()
            await asyncio.wait([listening])
            raise
        finally:
            self._working.discard(listening)

    async def _run(self, tenant: str, job: str, context: Context) -> None:
        assert self._handler is not None
        try:
            await self._handler(JobMessage(tenant=UUID(tenant), job=UUID(job)))
        except BaseException:
            self._broker.release(context.message.task_id)
            raise
        await context.ack()

    async def stop(self) -> None:
        self._finish.set()
        if self._working:
            await asyncio.wait(self._working)

    async def healthy(self) -> bool:
        try:
            async with Redis(connection_pool=self._broker.connection_pool) as redis:
                return bool(await redis.ping())
        except (RedisError, OSError):
            return False
