"""taskiq's broker over Redis, made safe and fair: a message is leased to the worker that has it, and comes back when that worker dies.

The stock stream broker reclaims only when new messages arrive, starts a task a second time that takes longer than its idle timeout, drops
messages that it cannot read, never trims the stream, and knows no tenants. Here a heartbeat keeps the lease of every message at work,
abandoned ones are looked for all the time, a message that was delivered too often or that nobody understands is moved to a stream of the
dead, a message that is done is deleted, and tenants take turns (`fair_streams`).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Final
from uuid import uuid4

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from taskiq import AckableMessage, BrokerMessage
from taskiq_redis.redis_broker import BaseRedisBroker

from aelus.adapters.taskiq.attendance import Attendance
from aelus.adapters.taskiq.fair_streams import Delivery, FairStreams

LEASE_S: Final = 30.0
DELIVERIES: Final = 3
BLOCK_S: Final = 1.0
"""How long a worker waits to be told of a new message before it looks for abandoned ones again."""
RETRY_S: Final = 1.0
"""Pause behind an error of Redis."""
TENANT_LABEL: Final = "tenant"
REQUEST_LABEL: Final = "request_id"

log = structlog.get_logger("aelus.queue")


class LeaseStreamBroker(BaseRedisBroker):
    """Args:
    names: of the tasks, each of which waits in streams of its own.
    lease_s: seconds behind a worker's last sign of life after which its messages go to another one.
    deliveries: times that a message is delivered before it is dead.
    """

    def __init__(self, url: str, *, queue_name: str, names: Sequence[str], lease_s: float = LEASE_S, deliveries: int = DELIVERIES) -> None:
        super().__init__(url, queue_name=queue_name, socket_timeout=None)
        self.redis: Redis = Redis(connection_pool=self.connection_pool)
        streams = partial(FairStreams, self.redis, consumer=str(uuid4()), lease_s=lease_s)
        self.streams = {name: streams(f"{queue_name}:{name}") for name in names}
        self.attendance = Attendance(self.redis, f"{queue_name}:workers", me=str(uuid4()), lease_s=lease_s)
        self.listened: Sequence[str] = tuple(names)
        """Names of the tasks that this worker takes, the first-named first."""
        self._lease_s = lease_s
        self._deliveries = deliveries
        self._leased: dict[str, tuple[FairStreams, Delivery]] = {}
        """By task id: what is at work here."""

    def release(self, task_id: str) -> None:
        """A task failed: its message is no longer kept, and comes back when the lease has run out."""
        self._leased.pop(task_id, None)

    async def kick(self, message: BrokerMessage) -> None:
        await self.streams[message.task_name].add(message.labels[TENANT_LABEL], message.message)

    async def listen(self) -> AsyncGenerator[AckableMessage, None]:
        """Messages for this worker."""
        beat = asyncio.create_task(self._beat())
        try:
            while True:
                try:
                    message = await self._next()
                except RedisError as error:
                    log.warning("queue_unreachable", error=type(error).__name__)
                    await asyncio.sleep(RETRY_S)
                else:
                    if message is not None:
                        yield message
        finally:
            beat.cancel()
            with contextlib.suppress(RedisError, OSError):
                await self.attendance.leave()

    async def _next(self) -> AckableMessage | None:
        for name in self.listened:
            found = await self.streams[name].take()
            if found is not None:
                return await self._admit(self.streams[name], found)
        await self._wait_for_bell()
        return None

    async def _wait_for_bell(self) -> None:
        client: Any = self.redis
        await client.blpop([self.streams[name].bell for name in self.listened], timeout=BLOCK_S)

    async def _admit(self, streams: FairStreams, found: Delivery) -> AckableMessage | None:
        """The message, unless it is dead: delivered too often, or of a kind that this worker does not know."""
        task_id = self._task_id(found.data)
        reason = "not understood" if task_id is None else "delivered too often" if found.times > self._deliveries else ""
        if task_id is None or reason:
            log.error("message_dead", message_id=found.identifier.decode(), reason=reason)
            await streams.bury(found, reason)
            return None
        self._leased[task_id] = (streams, found)
        return AckableMessage(data=found.data, ack=self._settle(task_id, streams, found))

    def _task_id(self, data: bytes) -> str | None:
        try:
            message = self.formatter.loads(message=data)
        except Exception:  # noqa: BLE001 - whatever a stranger wrote there, the worker goes on
            return None
        return message.task_id if self.find_task(message.task_name) else None

    def _settle(self, task_id: str, streams: FairStreams, found: Delivery) -> Callable[[], Awaitable[None]]:
        async def settle() -> None:
            self._leased.pop(task_id, None)
            await streams.settle(found)

        return settle

    async def _beat(self) -> None:
        """Show that the worker is there, and renew the lease of everything at work."""
        while True:
            try:
                await self.attendance.show()
                for streams, found in list(self._leased.values()):
                    await streams.renew(found)
            except RedisError as error:
                log.warning("queue_unreachable", error=type(error).__name__)
            await asyncio.sleep(self._lease_s / 3)
