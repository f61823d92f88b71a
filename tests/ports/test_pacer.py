from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from aelus.adapters.memory import MemoryPacer
from aelus.adapters.redis import RedisPacer
from aelus.ports.errors import Unavailable
from aelus.ports.pacer import Pacer
from services import free_port


@pytest.fixture(params=["memory", "redis"])
async def pacer(request: pytest.FixtureRequest, redis_address: str) -> AsyncIterator[Pacer]:
    if request.param == "memory":
        yield MemoryPacer()
    else:
        async with RedisPacer(redis_address, prefix=f"test:{uuid4()}:") as opened:
            yield opened


async def test_the_first_begins_at_once_and_the_next_behind_it(pacer: Pacer) -> None:
    waits = [await pacer.reserve("service", 10.0) for _ in range(3)]
    assert waits == pytest.approx([0.0, 10.0, 20.0], abs=2.0)


async def test_what_has_another_name_does_not_wait(pacer: Pacer) -> None:
    await pacer.reserve("one", 10.0)
    assert await pacer.reserve("other", 10.0) == pytest.approx(0.0, abs=0.1)


async def test_a_pause_is_not_saved_up(pacer: Pacer) -> None:
    await pacer.reserve("service", 0.05)
    await asyncio.sleep(0.2)
    waits = [await pacer.reserve("service", 5.0) for _ in range(2)]
    assert waits == pytest.approx([0.0, 5.0], abs=1.0)


async def test_what_is_held_begins_later(pacer: Pacer) -> None:
    await pacer.hold("service", 10.0)
    assert await pacer.reserve("service", 1.0) == pytest.approx(10.0, abs=1.0)


async def test_a_hold_never_shortens_a_wait(pacer: Pacer) -> None:
    await pacer.reserve("service", 20.0)
    await pacer.hold("service", 1.0)
    assert await pacer.reserve("service", 1.0) == pytest.approx(20.0, abs=1.0)


async def test_processes_share_one_pace(redis_address: str) -> None:
    prefix = f"test:{uuid4()}:"
    async with RedisPacer(redis_address, prefix=prefix) as one, RedisPacer(redis_address, prefix=prefix) as other:
        waits = sorted(await asyncio.gather(*[pacer.reserve("service", 10.0) for pacer in (one, other, one, other)]))
    assert waits == pytest.approx([0.0, 10.0, 20.0, 30.0], abs=2.0)


async def test_a_redis_that_is_not_there_is_unavailable() -> None:
    async with RedisPacer(f"redis://127.0.0.1:{free_port()}/0") as pacer:
        with pytest.raises(Unavailable, match="AELUS_REDIS_URL"):
            await pacer.reserve("service", 1.0)
