from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from aelus.adapters.memory import MemoryCache
from aelus.adapters.redis import RedisCache
from aelus.ports.cache import Cache
from aelus.ports.errors import Unavailable
from services import PATIENCE_S, free_port


@pytest.fixture(params=["memory", "redis"])
async def cache(request: pytest.FixtureRequest, redis_address: str) -> AsyncIterator[Cache]:
    if request.param == "memory":
        yield MemoryCache()
    else:
        async with RedisCache(redis_address, prefix=f"test:{uuid4()}:", timeout_s=PATIENCE_S) as opened:
            yield opened


@pytest.fixture
def tenant() -> UUID:
    return uuid4()


async def test_what_is_put_is_got(cache: Cache, tenant: UUID) -> None:
    await cache.put(tenant, "key", b"\0value\xff", ttl_s=60)
    assert await cache.get(tenant, "key") == b"\0value\xff"


async def test_what_was_never_put_is_nothing(cache: Cache, tenant: UUID) -> None:
    assert await cache.get(tenant, "key") is None


async def test_a_key_of_another_tenant_is_another_key(cache: Cache, tenant: UUID) -> None:
    await cache.put(tenant, "key", b"mine", ttl_s=60)
    assert await cache.get(uuid4(), "key") is None


async def test_the_last_value_counts(cache: Cache, tenant: UUID) -> None:
    await cache.put(tenant, "key", b"first", ttl_s=60)
    await cache.put(tenant, "key", b"second", ttl_s=60)
    assert await cache.get(tenant, "key") == b"second"


async def test_an_empty_value_is_a_value(cache: Cache, tenant: UUID) -> None:
    await cache.put(tenant, "key", b"", ttl_s=60)
    assert await cache.get(tenant, "key") == b""


async def test_a_value_ends_with_its_time(cache: Cache, tenant: UUID) -> None:
    await cache.put(tenant, "key", b"value", ttl_s=0.02)
    await asyncio.sleep(0.05)
    assert await cache.get(tenant, "key") is None


async def test_what_was_not_asked_for_longest_makes_room(tenant: UUID) -> None:
    cache = MemoryCache(max_bytes=3000)
    for key in ("a", "b"):
        await cache.put(tenant, key, bytes(1000), ttl_s=60)
    await cache.get(tenant, "a")
    await cache.put(tenant, "c", bytes(1000), ttl_s=60)
    assert [await cache.get(tenant, key) is not None for key in ("a", "b", "c")] == [True, False, True]


async def test_what_is_larger_than_all_room_is_not_kept(tenant: UUID) -> None:
    cache = MemoryCache(max_bytes=1000)
    await cache.put(tenant, "key", bytes(2000), ttl_s=60)
    assert await cache.get(tenant, "key") is None


async def test_processes_share_what_redis_keeps(redis_address: str, tenant: UUID) -> None:
    prefix = f"test:{uuid4()}:"
    one, other = (RedisCache(redis_address, prefix=prefix, timeout_s=PATIENCE_S) for _ in range(2))
    async with one, other:
        await one.put(tenant, "key", b"value", ttl_s=60)
        assert await other.get(tenant, "key") == b"value"


async def test_a_redis_that_is_not_there_keeps_nothing_and_fails_nothing(tenant: UUID) -> None:
    async with RedisCache(f"redis://127.0.0.1:{free_port()}/0") as cache:
        await cache.put(tenant, "key", b"value", ttl_s=60)
        assert await cache.get(tenant, "key") is None


async def test_a_tenant_that_is_forgotten_leaves_the_others(cache: Cache, tenant: UUID) -> None:
    other = uuid4()
    for owner in (tenant, other):
        for key in ("one", "two"):
            await cache.put(owner, key, b"value", ttl_s=60)
    await cache.forget(tenant)
    assert [await cache.get(owner, key) for owner in (tenant, other) for key in ("one", "two")] == [None, None, b"value", b"value"]


async def test_who_has_a_tenant_forgotten_learns_that_redis_was_away(tenant: UUID) -> None:
    async with RedisCache(f"redis://127.0.0.1:{free_port()}/0") as cache:
        for _ in range(2):
            with pytest.raises(Unavailable):
                await cache.forget(tenant)
