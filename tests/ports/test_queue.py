from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import pairwise
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from aelus.adapters.memory import MemoryQueue
from aelus.adapters.taskiq import TaskiqQueue
from aelus.adapters.taskiq.attendance import Attendance
from aelus.ports.queue import ALL_TASKS, JobHandler, JobMessage, Queue, QueueDepth, Task


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
async def working(queue: Queue, handler: JobHandler, concurrency: int = 1, tasks: Sequence[Task] = ALL_TASKS) -> AsyncIterator[None]:
    task = asyncio.create_task(queue.work(handler, concurrency=concurrency, tasks=tasks))
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


async def order_of(queue: Queue, published: Sequence[JobMessage], count: int) -> list[JobMessage]:
    """The first so many messages that one worker takes, when another one is published while the first is at work."""
    seen, enough = list[JobMessage](), asyncio.Event()

    async def handle(one: JobMessage) -> None:
        seen.append(one)
        if len(seen) == 1:
            for later in published:
                await queue.publish(later)
        if len(seen) == count:
            enough.set()

    async with working(queue, handle):
        await until(enough)
    return seen[:count]


async def test_many_messages_of_one_tenant_delay_anothers_by_one(queue: Queue) -> None:
    busy, single = uuid4(), message()
    for _ in range(1000):
        await queue.publish(JobMessage(tenant=busy, job=uuid4()))
    assert (await order_of(queue, [single], 2))[1] == single


async def test_a_tenant_that_asks_for_one_after_the_other_takes_its_turn(queue: Queue) -> None:
    eager, patient = uuid4(), uuid4()
    mine = [JobMessage(tenant=patient, job=uuid4()) for _ in range(3)]
    for one in (JobMessage(tenant=eager, job=uuid4()), *mine):
        await queue.publish(one)
    seen = await order_of(queue, [JobMessage(tenant=eager, job=uuid4()) for _ in range(3)], 6)
    assert all(one.tenant != after.tenant for one, after in pairwise(seen))


async def test_a_tenants_messages_come_in_their_order(queue: Queue) -> None:
    tenant = uuid4()
    published = [JobMessage(tenant=tenant, job=uuid4()) for _ in range(4)]
    await queue.publish(published[0])
    assert await order_of(queue, published[1:], 4) == published


async def test_a_worker_takes_only_the_kinds_that_it_is_for(queue: Queue) -> None:
    seen, one_seen = list[JobMessage](), asyncio.Event()
    whole, files = message(), JobMessage(tenant=uuid4(), job=uuid4(), task=Task.FILES)

    async def handle(one: JobMessage) -> None:
        seen.append(one)
        one_seen.set()

    for one in (whole, files):
        await queue.publish(one)
    async with working(queue, handle, tasks=[Task.FILES]):
        await until(one_seen)
        await asyncio.sleep(0.1)
    assert seen == [files]
    assert [(depth.task, depth.waiting) for depth in await queue.depths()] == [(Task.FILES, 0), (Task.REPOSITORY, 1), (Task.VECTORS, 0)]


async def test_depths_tell_what_waits_and_for_how_long(queue: Queue) -> None:
    started, go_on, seen = asyncio.Event(), asyncio.Event(), list[QueueDepth]()

    async def handle(_: JobMessage) -> None:
        started.set()
        await go_on.wait()

    for _ in range(3):
        await queue.publish(message())
    async with working(queue, handle):
        await until(started)
        await asyncio.sleep(0.2)
        seen += await queue.depths()
        go_on.set()
    depth = next(depth for depth in seen if depth.task is Task.REPOSITORY)
    assert (depth.waiting, depth.at_work) == (2, 1)
    assert 0.15 < depth.oldest_s < 15


async def test_an_empty_queue_has_no_age(queue: Queue) -> None:
    assert [(depth.waiting, depth.at_work, depth.oldest_s) for depth in await queue.depths()] == [(0, 0, 0.0)] * len(ALL_TASKS)


async def test_messages_of_a_tenant_that_is_forgotten_reach_nobody(queue: Queue) -> None:
    seen, last = list[JobMessage](), asyncio.Event()
    gone, kept = uuid4(), message()

    async def handle(one: JobMessage) -> None:
        seen.append(one)
        last.set()

    for one in (JobMessage(tenant=gone, job=uuid4()), kept, JobMessage(tenant=gone, job=uuid4(), task=Task.FILES)):
        await queue.publish(one)
    await queue.forget(gone)
    async with working(queue, handle):
        await until(last)
        await asyncio.sleep(0.1)
    assert seen == [kept]


async def test_a_message_brings_the_request_along_that_asked_for_it(queue: Queue) -> None:
    seen, done = list[JobMessage](), asyncio.Event()

    async def handle(one: JobMessage) -> None:
        seen.append(one)
        done.set()

    await queue.publish(replace(message(), request_id="request-1"))
    async with working(queue, handle):
        await until(done)
    assert [one.request_id for one in seen] == ["request-1"]


async def test_workers_are_counted_while_they_work(queue: Queue) -> None:
    async def handle(_one: JobMessage) -> None:
        pass

    before = await queue.workers()
    async with working(queue, handle):
        async with asyncio.timeout(5):
            while not (during := await queue.workers()):  # noqa: ASYNC110 - it is another process that changes it
                await asyncio.sleep(0.02)
    assert (before, during, await queue.workers()) == (0, 1, 0)


async def test_a_worker_that_shows_no_sign_of_life_counts_as_gone(redis_address: str) -> None:
    async with Redis.from_url(redis_address) as redis:
        one = Attendance(redis, f"test:{uuid4()}", me="one", lease_s=0.3)
        await one.show()
        assert await one.count() == 1
        await asyncio.sleep(0.4)
        assert await one.count() == 0
