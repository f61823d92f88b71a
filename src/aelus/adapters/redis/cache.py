"""A cache that all processes share."""

from __future__ import annotations

import time
from typing import Final, Self

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from aelus.domain.tenancy import TenantId
from aelus.ports.errors import Unavailable

TIMEOUT_S: Final = 0.25
"""Longer than this, finding it out again is as fast."""
PAUSE_S: Final = 5.0
"""After a failure, for so long nothing is asked."""
MAX_VALUE_BYTES: Final = 256 * 1024

log = structlog.get_logger("aelus.cache")


class RedisCache:
    """Use it as an asynchronous context manager. A server that is away costs one time-out in `PAUSE_S` seconds."""

    def __init__(self, url: str, *, prefix: str = "aelus:cache:", timeout_s: float = TIMEOUT_S) -> None:
        self._redis = Redis.from_url(url, socket_timeout=timeout_s, socket_connect_timeout=timeout_s)
        self._prefix = prefix
        self._asks_again_at = 0.0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._redis.aclose()

    async def get(self, tenant: TenantId, key: str) -> bytes | None:
        if time.monotonic() < self._asks_again_at:
            return None
        try:
            found = await self._redis.get(self._name(tenant, key))
        except RedisError as error:
            self._pause(error)
            return None
        return found if isinstance(found, bytes) else None

    async def put(self, tenant: TenantId, key: str, value: bytes, *, ttl_s: float) -> None:
        if len(value) > MAX_VALUE_BYTES or time.monotonic() < self._asks_again_at:
            return
        try:
            await self._redis.set(self._name(tenant, key), value, px=max(1, int(ttl_s * 1000)))
        except RedisError as error:
            self._pause(error)

    async def forget(self, tenant: TenantId) -> None:
        try:
            async for name in self._redis.scan_iter(match=self._name(tenant, "*"), count=1000):
                await self._redis.delete(name)
        except RedisError as error:
            self._pause(error)
            raise Unavailable("Redis does not answer, which keeps answers of the tenant.", "Try again.") from error

    def _name(self, tenant: TenantId, key: str) -> str:
        return f"{self._prefix}{tenant}:{key}"

    def _pause(self, error: RedisError) -> None:
        self._asks_again_at = time.monotonic() + PAUSE_S
        log.warning("cache_away", error=type(error).__name__, pause_s=PAUSE_S)
