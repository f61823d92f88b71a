"""Pacing across processes, by the clock of the Redis server."""

from __future__ import annotations

from typing import Final, Self

from redis.asyncio import Redis
from redis.exceptions import RedisError

from aelus.ports.errors import Unavailable

RESERVE: Final = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local start = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
local free = start + tonumber(ARGV[1])
redis.call('SET', KEYS[1], string.format('%.6f', free), 'PX', math.ceil((free - now) * 1000) + 1000)
return string.format('%.6f', start - now)
"""
HOLD: Final = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local free = math.max(now + tonumber(ARGV[1]), tonumber(redis.call('GET', KEYS[1]) or '0'))
redis.call('SET', KEYS[1], string.format('%.6f', free), 'PX', math.ceil((free - now) * 1000) + 1000)
"""
TIMEOUT_S: Final = 5.0


class RedisPacer:
    """Use it as an asynchronous context manager."""

    def __init__(self, url: str, *, prefix: str = "aelus:pace:") -> None:
        self._redis = Redis.from_url(url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S)
        self._reserve = self._redis.register_script(RESERVE)
        self._hold = self._redis.register_script(HOLD)
        self._prefix = prefix

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._redis.aclose()

    async def reserve(self, name: str, seconds: float) -> float:
        try:
            return float(await self._reserve(keys=[self._prefix + name], args=[seconds]))
        except RedisError as error:
            raise _away(name) from error

    async def hold(self, name: str, seconds: float) -> None:
        try:
            await self._hold(keys=[self._prefix + name], args=[seconds])
        except RedisError as error:
            raise _away(name) from error


def _away(name: str) -> Unavailable:
    return Unavailable(f"Redis does not answer, which keeps the pace of {name}.", "Check that it runs and that AELUS_REDIS_URL is right.")
