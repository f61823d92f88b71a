from __future__ import annotations

import asyncio
from collections.abc import Coroutine

import pytest

from aelus.application.one_ahead import OneAhead


async def test_work_runs_while_the_next_is_prepared() -> None:
    done = asyncio.Event()

    async def work() -> None:
        done.set()

    async with OneAhead() as behind:
        await behind.submit(work())
        await asyncio.wait_for(done.wait(), 1)


async def test_leaving_waits_for_the_last_work() -> None:
    finished: list[int] = []

    async def work(number: int) -> None:
        await asyncio.sleep(0.01)
        finished.append(number)

    async with OneAhead() as behind:
        for number in range(3):
            await behind.submit(work(number))
    assert finished == [0, 1, 2]


class WorkError(Exception):
    pass


async def fail() -> None:
    raise WorkError


async def run_both(first: Coroutine[None, None, None], second: Coroutine[None, None, None]) -> None:
    async with OneAhead() as behind:
        await behind.submit(first)
        await behind.submit(second)


async def leave_early(work: Coroutine[None, None, None]) -> None:
    async with OneAhead() as behind:
        await behind.submit(work)
        await asyncio.sleep(0)
        raise WorkError


async def test_an_error_of_the_work_comes_out_as_it_is() -> None:
    with pytest.raises(WorkError):
        await run_both(asyncio.sleep(0), fail())


async def test_an_error_of_the_work_stops_the_next() -> None:
    started = False

    async def work() -> None:
        nonlocal started
        started = True

    with pytest.raises(WorkError):
        await run_both(fail(), work())
    assert not started


async def test_a_failing_context_cancels_the_work() -> None:
    cancelled = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    with pytest.raises(WorkError):
        await leave_early(work())
    assert cancelled.is_set()
