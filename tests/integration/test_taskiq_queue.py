"""The queue over a real Redis, with workers that are killed."""

from __future__ import annotations

import asyncio
import sys
from typing import Any
from uuid import uuid4

from redis.asyncio import Redis

from aelus.adapters.taskiq import TaskiqQueue
from aelus.ports.queue import JobMessage

WORKER = """
import asyncio, sys
from aelus.adapters.taskiq import TaskiqQueue
async def handle(message):
    print("started", flush=True)
    await asyncio.sleep(60)
async def main():
    async with TaskiqQueue(sys.argv[1], stream=sys.argv[2], lease_s=1.0) as queue:
        await queue.work(handle)
asyncio.run(main())
"""


async def test_a_killed_workers_job_goes_to_another_one_on_an_idle_queue(redis_address: str) -> None:
    stream, message, taken = f"test:{uuid4()}", JobMessage(tenant=uuid4(), job=uuid4()), asyncio.Event()
    seen: list[JobMessage] = []

    async def handle(one: JobMessage) -> None:
        seen.append(one)
        taken.set()

    async with TaskiqQueue(redis_address, stream=stream, lease_s=1.0) as queue:
        await queue.publish(message)
        worker = await asyncio.create_subprocess_exec(sys.executable, "-c", WORKER, redis_address, stream, stdout=asyncio.subprocess.PIPE)
        assert worker.stdout is not None
        assert await asyncio.wait_for(worker.stdout.readline(), 30) == b"started\n"
        worker.kill()
        await worker.wait()
        working = asyncio.create_task(queue.work(handle))
        await asyncio.wait_for(taken.wait(), 30)
        await queue.stop()
        await working
    assert seen == [message]


async def test_what_no_worker_understands_is_kept_among_the_dead(redis_address: str) -> None:
    stream = f"test:{uuid4()}"

    async def handle(_: JobMessage) -> None:
        raise AssertionError

    async with TaskiqQueue(redis_address, stream=stream, lease_s=1.0) as queue, Redis.from_url(redis_address) as redis:
        strange = [b"no message", b'{"task_id": "1", "task_name": "of.tomorrow", "labels": {}, "args": [], "kwargs": {}}']
        for data in strange:
            await redis.xadd(stream, {b"data": data})
        working = asyncio.create_task(queue.work(handle))
        async with asyncio.timeout(30):
            while await redis.xlen(f"{stream}:dead") < len(strange):  # noqa: ASYNC110 - Redis has no event for it
                await asyncio.sleep(0.05)
        await queue.stop()
        await working
        dead: Any = await redis.xrange(f"{stream}:dead")
        assert await redis.xlen(stream) == 0
    assert [fields[b"data"] for _, fields in dead] == strange
