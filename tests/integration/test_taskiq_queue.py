"""The queue over a real Redis, held against what the stock broker of taskiq does wrong; the port's own suite holds the rest."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from aelus.adapters.taskiq import TaskiqQueue
from aelus.adapters.taskiq.fair_streams import Delivery, FairStreams
from aelus.ports.queue import JobHandler, JobMessage, Task

WORKER = """
import asyncio, signal, sys
from aelus.adapters.taskiq import TaskiqQueue
async def handle(message):
    print("started", flush=True)
    await asyncio.sleep(60)
async def main():
    async with TaskiqQueue(sys.argv[1], stream=sys.argv[2], lease_s=1.0) as queue:
        stopping = []
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, lambda: stopping.append(asyncio.create_task(queue.stop())))
        print("ready", flush=True)
        await queue.work(handle)
asyncio.run(main())
"""
LEASE_S = 0.5


@pytest.fixture
def stream() -> str:
    return f"test:{uuid4()}"


@pytest.fixture
async def queue(redis_address: str, stream: str) -> AsyncIterator[TaskiqQueue]:
    async with TaskiqQueue(redis_address, stream=stream, lease_s=LEASE_S) as opened:
        yield opened


@pytest.fixture
async def redis(redis_address: str) -> AsyncIterator[Any]:
    async with Redis.from_url(redis_address) as client:
        yield client


def message() -> JobMessage:
    return JobMessage(tenant=uuid4(), job=uuid4())


@asynccontextmanager
async def worker_process(address: str, stream: str) -> AsyncIterator[Process]:
    """A worker that is ready, and never done with what it takes."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", WORKER, address, stream, stdout=PIPE)
    try:
        assert await line_of(process) == b"ready\n"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def line_of(process: Process) -> bytes:
    assert process.stdout is not None
    return await asyncio.wait_for(process.stdout.readline(), 30)


async def taken_by(queue: TaskiqQueue) -> JobMessage:
    """The next message that a new worker takes and does."""
    taken = asyncio.get_running_loop().create_future()

    async def handle(one: JobMessage) -> None:
        taken.set_result(one)

    working = asyncio.create_task(queue.work(handle))
    found: JobMessage = await asyncio.wait_for(taken, 30)
    await queue.stop()
    await working
    return found


async def at_work(queue: TaskiqQueue) -> tuple[int, int]:
    """Messages that wait, and messages that workers have."""
    depth = next(depth for depth in await queue.depths() if depth.task is Task.REPOSITORY)
    return depth.waiting, depth.at_work


async def run_until(queue: TaskiqQueue, handler: JobHandler, enough: asyncio.Event) -> None:
    working = asyncio.create_task(queue.work(handler))
    await asyncio.wait_for(enough.wait(), 30)
    await queue.stop()
    await working


async def test_a_killed_workers_job_goes_to_another_one_on_an_idle_queue(queue: TaskiqQueue, redis_address: str, stream: str) -> None:
    one = message()
    await queue.publish(one)
    async with worker_process(redis_address, stream) as process:
        assert await line_of(process) == b"started\n"
        process.kill()
        await process.wait()
    assert await taken_by(queue) == one


async def test_work_longer_than_its_lease_is_not_begun_by_another_worker(queue: TaskiqQueue, redis_address: str, stream: str) -> None:
    begun, ended = list[str](), asyncio.Event()

    async def slow(_: JobMessage) -> None:
        begun.append("here")
        await asyncio.sleep(3 * LEASE_S)
        ended.set()

    async def other(_: JobMessage) -> None:
        begun.append("there")

    async with TaskiqQueue(redis_address, stream=stream, lease_s=LEASE_S) as second:
        await queue.publish(message())
        working = asyncio.create_task(run_until(queue, slow, ended))
        while not begun:  # noqa: ASYNC110 - the queue has no event for it
            await asyncio.sleep(0.01)
        await run_until(second, other, ended)
        await working
    assert begun == ["here"]


async def test_what_is_done_leaves_no_message_behind(queue: TaskiqQueue, redis: Any, stream: str) -> None:
    tenant, done, all_done = uuid4(), list[JobMessage](), asyncio.Event()

    async def handle(one: JobMessage) -> None:
        done.append(one)
        if len(done) == 20:
            all_done.set()

    for _ in range(20):
        await queue.publish(JobMessage(tenant=tenant, job=uuid4()))
    await run_until(queue, handle, all_done)
    await queue.depths()
    streams = [key async for key in redis.scan_iter(match=f"*{stream}*:of:*")]
    assert [await redis.xlen(key) for key in streams] in ([], [0])


async def test_what_ends_every_worker_is_kept_among_the_dead(queue: TaskiqQueue, redis: Any, stream: str) -> None:
    await queue.publish(message())
    dying = [FairStreams(redis, f"{stream}:{Task.REPOSITORY}", consumer=str(number), lease_s=0) for number in range(3)]
    for worker in dying:
        found = await worker.take()
        assert isinstance(found, Delivery)
    working = asyncio.create_task(queue.work(lambda _: pytest.fail("it is begun once more")))
    async with asyncio.timeout(30):
        while not await redis.xlen(dying[0].dead_stream):  # noqa: ASYNC110 - Redis has no event for it
            await asyncio.sleep(0.05)
    await queue.stop()
    await working
    assert [fields[b"reason"] for _, fields in await redis.xrange(dying[0].dead_stream)] == [b"delivered too often"]


async def test_a_busy_worker_leaves_the_other_messages_to_others(queue: TaskiqQueue, redis_address: str, stream: str) -> None:
    published = [message() for _ in range(3)]
    for one in published:
        await queue.publish(one)
    async with worker_process(redis_address, stream) as process:
        assert await line_of(process) == b"started\n"
        assert await at_work(queue) == (2, 1)


async def test_what_was_published_before_any_worker_came_is_not_lost(queue: TaskiqQueue, redis_address: str, stream: str) -> None:
    one = message()
    await queue.publish(one)
    async with TaskiqQueue(redis_address, stream=stream, lease_s=LEASE_S) as first_worker:
        assert await taken_by(first_worker) == one


async def test_what_a_cancelled_worker_had_begun_comes_again(queue: TaskiqQueue) -> None:
    started, one = asyncio.Event(), message()

    async def handle(_: JobMessage) -> None:
        started.set()
        await asyncio.sleep(60)

    await queue.publish(one)
    working = asyncio.create_task(queue.work(handle))
    await asyncio.wait_for(started.wait(), 30)
    working.cancel()
    await asyncio.wait([working])
    assert await taken_by(queue) == one


@pytest.mark.parametrize("busy", [False, True])
async def test_a_worker_that_waits_ends_when_it_is_told_to(queue: TaskiqQueue, redis_address: str, stream: str, *, busy: bool) -> None:
    """Idle, and while messages of others pass by."""
    async with worker_process(redis_address, stream) as process:
        process.send_signal(signal.SIGTERM)
        if busy:
            await queue.publish(message())
            if process.stdout is not None and await process.stdout.readline():
                return  # It had taken the message already, and works on it until it is done.
        assert await asyncio.wait_for(process.wait(), 15) == 0


async def test_what_no_worker_understands_is_kept_among_the_dead(queue: TaskiqQueue, redis: Any, stream: str) -> None:
    strange = [b"no message", b'{"task_id": "1", "task_name": "of.tomorrow", "labels": {}, "args": [], "kwargs": {}}']
    streams = FairStreams(redis, f"{stream}:{Task.REPOSITORY}", consumer="tomorrow", lease_s=1)
    for data in strange:
        await streams.add("tenant", data)
    working = asyncio.create_task(queue.work(lambda _: pytest.fail("nobody understands it")))
    async with asyncio.timeout(30):
        while await redis.xlen(streams.dead_stream) < len(strange):  # noqa: ASYNC110 - Redis has no event for it
            await asyncio.sleep(0.05)
    await queue.stop()
    await working
    assert await at_work(queue) == (0, 0)
    assert [fields[b"data"] for _, fields in await redis.xrange(streams.dead_stream)] == strange


async def test_a_failed_message_is_not_tried_again_at_once(queue: TaskiqQueue) -> None:
    times, second = list[float](), asyncio.Event()

    async def handle(_: JobMessage) -> None:
        times.append(time.monotonic())
        if len(times) == 2:
            second.set()
            return
        raise RuntimeError("once")

    await queue.publish(message())
    await run_until(queue, handle, second)
    assert times[1] - times[0] >= LEASE_S / 2


async def test_only_what_the_handler_has_done_is_acknowledged(queue: TaskiqQueue) -> None:
    failed = asyncio.Event()

    async def handle(_: JobMessage) -> None:
        failed.set()
        raise RuntimeError("always")

    await queue.publish(message())
    await run_until(queue, handle, failed)
    assert await at_work(queue) == (0, 1)
