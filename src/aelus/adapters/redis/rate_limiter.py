"""Sliding windows that all processes share, by the clock of the Redis server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Self
from uuid import uuid4

from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import RedisError

from aelus.domain.tenancy import TenantId
from aelus.ports.errors import Unavailable
from aelus.ports.rate_limiter import Verdict, Window

TIMEOUT_S: Final = 0.5
"""A request waits for it."""
CONNECTIONS: Final = 32
WAIT_S: Final = 2.0
"""How long a connection is waited for, when more requests come at once than there are connections."""

TAKE: Final = """
redis.replicate_commands()
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local allowed, answer = 1, {}
for i, key in ipairs(KEYS) do
    redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%.0f', now - tonumber(ARGV[i * 2 + 1])))
    if redis.call('ZCARD', key) >= tonumber(ARGV[i * 2]) then allowed = 0 end
end
for i, key in ipairs(KEYS) do
    local limit, span = tonumber(ARGV[i * 2]), tonumber(ARGV[i * 2 + 1])
    if allowed == 1 then
        redis.call('ZADD', key, string.format('%.0f', now), ARGV[1])
        redis.call('PEXPIRE', key, math.ceil(span / 1000) + 1000)
    end
    local count = redis.call('ZCARD', key)
    local wait = 0
    if allowed == 0 and count >= limit and limit == 0 then wait = span end
    if allowed == 0 and count >= limit and limit > 0 then
        local free = redis.call('ZRANGE', key, -limit, -limit, 'WITHSCORES')
        wait = free[2] and free[2] + span - now or span
    end
    local last = redis.call('ZRANGE', key, -1, -1, 'WITHSCORES')
    answer[i] = {count, wait, last[2] and last[2] + span - now or 0}
end
return {allowed, answer}
"""


class RedisRateLimiter:
    """A sorted set of calls for each window. Use it as an asynchronous context manager."""

    def __init__(self, url: str, *, prefix: str = "aelus:rate:", timeout_s: float = TIMEOUT_S) -> None:
        pool = BlockingConnectionPool.from_url(
            url, max_connections=CONNECTIONS, timeout=max(WAIT_S, timeout_s), socket_timeout=timeout_s, socket_connect_timeout=timeout_s
        )
        self._redis: Any = Redis.from_pool(pool)
        self._take = self._redis.register_script(TAKE)
        self._prefix = prefix

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._redis.aclose()

    async def take(self, tenant: TenantId, windows: Sequence[Window]) -> Verdict:
        keys = [f"{self._prefix}{{{tenant}}}:{window.name}" for window in windows]
        bounds = [value for window in windows for value in (window.limit, int(window.seconds * 1_000_000))]
        try:
            allowed, found = await self._take(keys=keys, args=[uuid4().hex, *bounds])
        except (RedisError, OSError) as error:
            raise Unavailable("Redis does not answer, which counts requests.", "Check that it runs.") from error
        verdicts = [_verdict(window, state, allowed=bool(allowed)) for window, state in zip(windows, found, strict=True)]
        return min(verdicts, key=lambda verdict: (-verdict.retry_after_s, verdict.remaining))


def _verdict(window: Window, state: Sequence[int], *, allowed: bool) -> Verdict:
    count, wait_us, reset_us = state
    remaining = max(0, window.limit - count)
    return Verdict(allowed=allowed, window=window, remaining=remaining, reset_s=reset_us / 1e6, retry_after_s=wait_us / 1e6)
