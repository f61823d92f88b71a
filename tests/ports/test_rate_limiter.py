from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from aelus.adapters.memory import MemoryRateLimiter
from aelus.adapters.redis import RedisRateLimiter
from aelus.ports.errors import Unavailable
from aelus.ports.rate_limiter import RateLimiter, Window
from services import PATIENCE_S, free_port


@pytest.fixture(params=["memory", "redis"])
async def limiter(request: pytest.FixtureRequest, redis_address: str) -> AsyncIterator[RateLimiter]:
    if request.param == "memory":
        yield MemoryRateLimiter()
    else:
        async with RedisRateLimiter(redis_address, prefix=f"test:{uuid4()}:", timeout_s=PATIENCE_S) as opened:
            yield opened


@pytest.fixture
def tenant() -> UUID:
    return uuid4()


def window(limit: int, name: str = "tenant", seconds: float = 60.0) -> Window:
    return Window(name=name, limit=limit, seconds=seconds)


async def test_so_many_are_let_in_and_no_more(limiter: RateLimiter, tenant: UUID) -> None:
    verdicts = [await limiter.take(tenant, [window(3)]) for _ in range(5)]
    assert [(verdict.allowed, verdict.remaining) for verdict in verdicts] == [(True, 2), (True, 1), (True, 0), (False, 0), (False, 0)]
    assert verdicts[0].retry_after_s == 0
    assert verdicts[-1].retry_after_s == pytest.approx(60, abs=5)
    assert verdicts[-1].reset_s == pytest.approx(60, abs=5)


async def test_a_thousand_at_once_never_exceed_the_limit(limiter: RateLimiter, tenant: UUID) -> None:
    verdicts = await asyncio.gather(*(limiter.take(tenant, [window(100)]) for _ in range(1000)))
    assert sum(verdict.allowed for verdict in verdicts) == 100


async def test_the_window_slides(limiter: RateLimiter, tenant: UUID) -> None:
    narrow = window(2, seconds=0.4)
    first = await limiter.take(tenant, [narrow])
    await asyncio.sleep(0.25)
    second, third = await limiter.take(tenant, [narrow]), await limiter.take(tenant, [narrow])
    await asyncio.sleep(0.2)
    fourth, fifth = await limiter.take(tenant, [narrow]), await limiter.take(tenant, [narrow])
    assert [one.allowed for one in (first, second, third, fourth, fifth)] == [True, True, False, True, False]


async def test_a_refused_call_counts_in_no_window(limiter: RateLimiter, tenant: UUID) -> None:
    wide, narrow = window(10), window(1, "key:a")
    await limiter.take(tenant, [wide, narrow])
    refused = await limiter.take(tenant, [wide, narrow])
    other = await limiter.take(tenant, [wide, window(1, "key:b")])
    assert (refused.allowed, refused.window.name) == (False, "key:a")
    assert (other.allowed, other.window.name, other.remaining) == (True, "key:b", 0)
    assert (await limiter.take(tenant, [wide])).remaining == 7


async def test_tenants_have_windows_of_their_own(limiter: RateLimiter, tenant: UUID) -> None:
    await limiter.take(tenant, [window(1)])
    assert (await limiter.take(uuid4(), [window(1)])).allowed


async def test_a_limit_of_none_lets_nobody_in(limiter: RateLimiter, tenant: UUID) -> None:
    verdict = await limiter.take(tenant, [window(0)])
    assert not verdict.allowed
    assert verdict.retry_after_s > 0


async def test_processes_share_what_redis_counts(redis_address: str, tenant: UUID) -> None:
    prefix = f"test:{uuid4()}:"
    one, other = (RedisRateLimiter(redis_address, prefix=prefix, timeout_s=PATIENCE_S) for _ in range(2))
    async with one, other:
        verdicts = await asyncio.gather(*(limiter.take(tenant, [window(10)]) for limiter in (one, other) * 20))
    assert sum(verdict.allowed for verdict in verdicts) == 10


async def test_a_redis_that_is_not_there_is_unavailable(tenant: UUID) -> None:
    async with RedisRateLimiter(f"redis://127.0.0.1:{free_port()}/0") as limiter:
        with pytest.raises(Unavailable):
            await limiter.take(tenant, [window(1)])


async def test_windows_that_nobody_uses_are_forgotten() -> None:
    now = [0.0]
    limiter = MemoryRateLimiter(lambda: now[0], max_windows=100)
    for number in range(101):
        await limiter.take(UUID(int=number), [window(1, seconds=1.0)])
    now[0] = 10.0
    await limiter.take(UUID(int=0), [window(1, seconds=1.0)])
    assert len(limiter._calls) == 1


class Watched(MemoryRateLimiter):
    """Notes how many windows it goes through."""

    def __init__(self, *, max_windows: int) -> None:
        super().__init__(lambda: 0.0, max_windows=max_windows)
        self.swept: list[int] = []

    def _sweep(self, oldest: float) -> None:
        self.swept.append(len(self._calls))
        super()._sweep(oldest)


async def test_windows_in_use_are_not_gone_through_with_every_call() -> None:
    limiter = Watched(max_windows=100)
    for number in range(1000):
        await limiter.take(UUID(int=number), [window(1)])
    assert limiter.swept == [101, 203, 407, 815]
    assert not (await limiter.take(UUID(int=0), [window(1)])).allowed
