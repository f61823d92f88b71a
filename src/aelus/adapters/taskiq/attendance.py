"""Which workers are alive, by the clock of the Redis server."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis


class Attendance:
    """A sorted set of workers, by when each last showed itself.

    Args:
        key: of the set.
        me: name of this worker, another one for each process.
        lease_s: seconds behind its last sign of life after which a worker counts as gone.
    """

    def __init__(self, redis: Redis, key: str, *, me: str, lease_s: float) -> None:
        self._redis: Any = redis
        self._key = key
        self._me = me
        self._lease_s = lease_s

    async def show(self) -> None:
        """A sign of life. Raises RedisError."""
        await self._redis.zadd(self._key, {self._me: await self._now()})

    async def leave(self) -> None:
        """Raises RedisError."""
        await self._redis.zrem(self._key, self._me)

    async def count(self) -> int:
        """Workers that are alive; the others are forgotten. Raises RedisError."""
        await self._redis.zremrangebyscore(self._key, "-inf", await self._now() - self._lease_s)
        return int(await self._redis.zcard(self._key))

    async def _now(self) -> float:
        seconds, microseconds = await self._redis.time()
        return float(seconds + microseconds / 1e6)
