"""taskiq's stream broker, made safe: a message is leased to the worker that has it, and comes back when that worker dies.

The stock broker reclaims only when new messages arrive, starts a task a second time that takes longer than its idle timeout, drops
messages that it cannot read, and never trims the stream. Here a heartbeat keeps the lease of every message at work, abandoned ones are
looked for all the time, a message that was delivered too often or that nobody understands is moved to a stream of the dead, and a message
that is done is deleted.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from typing import Any, Final

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from taskiq import AckableMessage
from taskiq_redis import RedisStreamBroker

LEASE_S: Final = 30.0
DELIVERIES: Final = 3
BLOCK_S: Final = 1.0
RETRY_S: Final = 1.0
"""Pause behind an error of Redis."""
DEAD_LIMIT: Final = 10_000
"""Dead messages that are kept, about."""

Fields = Mapping[bytes, bytes]
log = structlog.get_logger("aelus.queue")


class LeaseStreamBroker(RedisStreamBroker):
    """Args:
    lease_s: seconds behind a worker's last sign of life after which its messages go to another one.
    deliveries: times that a message is delivered before it is dead.
    """

    def __init__(self, url: str, *, queue_name: str, lease_s: float = LEASE_S, deliveries: int = DELIVERIES) -> None:
        super().__init__(
            url,
            queue_name=queue_name,
            consumer_group_name="aelus",
            consumer_id="0",
            xread_block=int(BLOCK_S * 1000),
            xread_count=1,
            idle_timeout=int(lease_s * 1000),
            socket_timeout=None,
        )
        self._lease_s = lease_s
        self._deliveries = deliveries
        self._leased: dict[str, bytes] = {}
        """Task id → message id of what is at work here."""

    @property
    def dead_stream(self) -> str:
        return f"{self.queue_name}:dead"

    def release(self, task_id: str) -> None:
        """A task failed: its message is no longer kept, and comes back when the lease has run out."""
        self._leased.pop(task_id, None)

    async def listen(self) -> AsyncGenerator[AckableMessage, None]:
        """Messages for this worker: abandoned ones first, then new ones."""
        beat = asyncio.create_task(self._beat())
        try:
            async with Redis(connection_pool=self.connection_pool) as redis:
                while True:
                    for identifier, fields in await self._fetch(redis):
                        message = await self._admit(redis, identifier, fields)
                        if message is not None:
                            yield message
        finally:
            beat.cancel()

    async def _fetch(self, redis: Any) -> list[tuple[bytes, Fields]]:
        try:
            return await self._reclaim(redis) or await self._read(redis)
        except RedisError as error:
            log.warning("queue_unreachable", error=type(error).__name__)
            await asyncio.sleep(RETRY_S)
            return []

    async def _reclaim(self, redis: Any) -> list[tuple[bytes, Fields]]:
        group, consumer = self.consumer_group_name, self.consumer_name
        answer = await redis.xautoclaim(self.queue_name, group, consumer, self.idle_timeout, count=1)
        found: list[tuple[bytes, Fields]] = [(identifier, fields) for identifier, fields in answer[1] if fields]
        return found

    async def _read(self, redis: Any) -> list[tuple[bytes, Fields]]:
        group, consumer = self.consumer_group_name, self.consumer_name
        answer = await redis.xreadgroup(group, consumer, {self.queue_name: ">"}, block=self.block, count=1)
        return [entry for _, entries in answer or () for entry in entries]

    async def _admit(self, redis: Any, identifier: bytes, fields: Fields) -> AckableMessage | None:
        """The message, unless it is dead: delivered too often, or of a kind that this worker does not know."""
        data = fields.get(b"data", b"")
        task_id = self._task_id(data)
        if task_id is None:
            await self._bury(redis, identifier, data, "not understood")
            return None
        pending = await redis.xpending_range(self.queue_name, self.consumer_group_name, min=identifier, max=identifier, count=1)
        if pending and pending[0]["times_delivered"] > self._deliveries:
            await self._bury(redis, identifier, data, "delivered too often")
            return None
        self._leased[task_id] = identifier
        return AckableMessage(data=data, ack=self._settle(task_id, identifier))

    def _task_id(self, data: bytes) -> str | None:
        try:
            message = self.formatter.loads(message=data)
        except Exception:  # noqa: BLE001 - whatever a stranger wrote there, the worker goes on
            return None
        return message.task_id if self.find_task(message.task_name) else None

    async def _bury(self, redis: Any, identifier: bytes, data: bytes, reason: str) -> None:
        log.error("message_dead", message_id=identifier.decode(), reason=reason)
        async with redis.pipeline(transaction=True) as pipe:
            pipe.xadd(self.dead_stream, {"data": data, "reason": reason}, maxlen=DEAD_LIMIT, approximate=True)
            pipe.xack(self.queue_name, self.consumer_group_name, identifier)
            pipe.xdel(self.queue_name, identifier)
            await pipe.execute()

    def _settle(self, task_id: str, identifier: bytes) -> Callable[[], Awaitable[None]]:
        async def settle() -> None:
            self._leased.pop(task_id, None)
            async with Redis(connection_pool=self.connection_pool) as redis, redis.pipeline(transaction=True) as pipe:
                pipe.xack(self.queue_name, self.consumer_group_name, identifier)
                pipe.xdel(self.queue_name, identifier)
                await pipe.execute()

        return settle

    async def _beat(self) -> None:
        """Renew the lease of everything at work."""
        async with Redis(connection_pool=self.connection_pool) as redis:
            while True:
                await asyncio.sleep(self._lease_s / 3)
                held: list[Any] = list(self._leased.values())
                if not held:
                    continue
                try:
                    await redis.xclaim(self.queue_name, self.consumer_group_name, self.consumer_name, 0, held, justid=True)
                except RedisError as error:
                    log.warning("queue_unreachable", error=type(error).__name__)
