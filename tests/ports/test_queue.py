from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest

from aelus.adapters.memory import MemoryQueue
from aelus.adapters.taskiq import TaskiqQueue
from aelus.ports.queue import JobHandler, JobMessage, Queue


@pytest.fixture(params=["memory", "redis"])
async def queue(request: pytest.FixtureRequest, redis_address: str) -> AsyncIterator[Queue]:
    if request.param == "memory":
        yield MemoryQueue(retry_s=0.02)
    else:
        async with TaskiqQueue(redis_address, stream=f"test:{uuid4()}", lease_s=0.6) as opened:
            yield opened


def message() -> JobMessage:
    return JobMessage(tenant=uuid4(), job=uuid4())


@asynccontextmanager
async def working(queue: Queue, handler: JobHandler, concurrency: int = 1) -> AsyncIterator[None]:
    task = asyncio.create_task(queue.work(handler, concurrency=concurrency))
    try:
        yield
    finally:
        await asyncio.wait_for(queue.stop(), 10)
        await asyncio.wait_for(task, 10)


async def until(condition: asyncio.Event) -> None:
    await asyncio.wait_for(condition.wait(), 15)


async def test_a_message_reaches_the_handler_once(queue: Queue) -> None:
    seen, all_seen = list[JobMessage](), asyncio.Event()
    messages = [message() for _ in range(5)]

    async def handle(one: JobMessage) -> None:
        seen.append(one)
        if len(seen) == len(messages):
            all_seen.set()

    for one in messages:
        await queue.publish(one)
    async with working(queue, handle, 2):
        await until(all_seen)
    assert sorted(seen, key=str) == sorted(messages, key=str)


async def test_a_message_whose_handler_fails_comes_again(queue: Queue) -> None:
    attempts, done = list[JobMessage](), asyncio.Event()

    async def handle(one: JobMessage) -> None:
        attempts.append(one)
        if len(attempts) == 1:
            raise RuntimeError("once")
        done.set()

    await queue.publish(message())
    async with working(queue, handle):
        await until(done)
    assert len(attempts) == 2


async def test_a_message_that_always_fails_is_given_up(queue: Queue) -> None:
    attempts, third = list[JobMessage](), asyncio.Event()

    async def handle(one: JobMessage) -> None:
        attempts.append(one)
        if len(attempts) == 3:
            third.set()
        raise RuntimeError("always")

    await queue.publish(message())
    async with working(queue, handle):
        await until(third)
        await asyncio.sleep(1.5)
    assert len(attempts) == 3


async def test_stopping_waits_for_what_is_at_work(queue: Queue) -> None:
    started, ended = asyncio.Event(), asyncio.Event()

    async def handle(_: JobMessage) -> None:
        started.set()
        await asyncio.sleep(0.3)
        ended.set()

    await queue.publish(message())
    async with working(queue, handle):
        await until(started)
    assert ended.is_set()


async def test_work_longer_than_a_lease_is_done_once(queue: Queue) -> None:
    attempts, ended = list[JobMessage](), asyncio.Event()

    async def handle(one: JobMessage) -> None:
        attempts.append(one)
        await asyncio.sleep(1.6)
        ended.set()

    await queue.publish(message())
    async with working(queue, handle, 2):
        await until(ended)
    assert len(attempts) == 1


async def test_a_queue_that_answers_is_healthy(queue: Queue) -> None:
    assert await queue.healthy()
