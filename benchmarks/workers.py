"""Index the Python standard library with one worker and with two: `python benchmarks/workers.py [FOLDER]`.

Once one repository, which two workers parse together and one of them links and writes, and once four at a time, as pushes come in.
Needs Redis: AELUS_REDIS_URL, or `redis-server` on the path. Each worker has one process that parses, so that what two of them do faster is
what a second machine would; where the two share a machine with others, look at the ratio of several runs.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from aelus.domain.jobs import JobState, Stage
from aelus.domain.tenancy import LOCAL_TENANT, Tenant
from aelus.entrypoints.container import open_service
from aelus.entrypoints.settings import load_settings
from corpus import copy_standard_library
from machine import describe, table

POLL_S = 0.05
MANY = 4
"""Repositories that are asked for at the same time."""


@contextmanager
def redis() -> Iterator[str]:
    """Address of a Redis of the benchmark's own, or of the given one."""
    given = os.environ.get("AELUS_REDIS_URL")
    if given:
        yield given
        return
    binary = shutil.which("redis-server") or sys.exit("Set AELUS_REDIS_URL, or install redis-server.")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(binary), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        time.sleep(0.5)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.kill()
        process.wait()


@asynccontextmanager
async def workers(count: int, settings: dict[str, str]) -> AsyncIterator[None]:
    """So many worker processes."""
    environment = {**os.environ, **settings}
    started = [await asyncio.create_subprocess_exec(sys.executable, "-m", "aelus", "worker", env=environment) for _ in range(count)]
    try:
        await asyncio.sleep(5)
        yield
    finally:
        for process in started:
            process.terminate()
        await asyncio.gather(*[process.wait() for process in started])


async def measure(folder: Path, home: Path, count: int, redis_url: str) -> dict[str, float]:
    """Seconds of each stage, and of the whole job, by its record."""
    given: dict[str, Any] = {"home": home, "redis_url": redis_url, "parser_processes": 1}
    environment = {f"AELUS_{name.upper()}": str(value) for name, value in given.items()} | {"AELUS_LOG_LEVEL": "warning"}
    async with open_service(load_settings(**given)) as use_cases, workers(count, environment):
        repository = await use_cases.register_repository()(LOCAL_TENANT, str(folder))
        job = await use_cases.request_ingestion()(LOCAL_TENANT, repository.id)
        seconds, before = dict[str, float](), time.perf_counter()
        while not job.state.ended:
            await asyncio.sleep(POLL_S)
            stage, now = job.stage.value, time.perf_counter()
            seconds[stage], before = seconds.get(stage, 0.0) + now - before, now
            job = await use_cases.read_jobs().one(LOCAL_TENANT, job.id)
        assert job.state is JobState.SUCCEEDED, job.error
        assert job.started_at is not None
        assert job.ended_at is not None
        return {**seconds, "total": (job.ended_at - job.started_at).total_seconds()}


async def measure_many(folder: Path, home: Path, count: int, redis_url: str) -> float:
    """Seconds until several repositories are indexed, each of a tenant of its own: tenants share nothing, though the code is the same."""
    given: dict[str, Any] = {"home": home, "redis_url": redis_url, "parser_processes": 1}
    environment = {f"AELUS_{name.upper()}": str(value) for name, value in given.items()} | {"AELUS_LOG_LEVEL": "warning"}
    async with open_service(load_settings(**given)) as use_cases, workers(count, environment):
        jobs, started = [], time.perf_counter()
        for number in range(MANY):
            tenant = Tenant(id=uuid4(), name=f"tenant {number}", created_at=datetime.now(UTC))
            await use_cases.ports().tenants.ensure(tenant)
            repository = await use_cases.register_repository()(tenant.id, str(folder))
            jobs.append((tenant.id, (await use_cases.request_ingestion()(tenant.id, repository.id)).id))
        for tenant_id, job in jobs:
            while not (found := await use_cases.read_jobs().one(tenant_id, job)).state.ended:  # noqa: ASYNC110 -- a record tells nobody
                await asyncio.sleep(POLL_S)
            assert found.state is JobState.SUCCEEDED, found.error
        return time.perf_counter() - started


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as temporary, redis() as redis_url:
        folder = Path(sys.argv[1]).absolute() if len(sys.argv) > 1 else Path(temporary, "stdlib")
        if len(sys.argv) == 1:
            copy_standard_library(folder)
        found = {count: asyncio.run(measure(folder, Path(temporary, f"home{count}"), count, redis_url)) for count in (1, 2)}
        many = {count: asyncio.run(measure_many(folder, Path(temporary, f"many{count}"), count, redis_url)) for count in (1, 2)}
    stages = [stage.value for stage in (Stage.PARSE, Stage.LINK, Stage.EMBED, Stage.WRITE)] + ["total"]
    print(describe())
    rows = [(name, compared(found[1].get(name, 0.0), found[2].get(name, 0.0))) for name in stages]
    print(table([*rows, (f"{MANY} repositories at a time", compared(many[1], many[2]))]))


def compared(one_s: float, two_s: float) -> str:
    """Seconds of one worker and of two, and their ratio."""
    return f"one worker {one_s:.1f} s, two {two_s:.1f} s, {one_s / max(two_s, POLL_S):.2f} times as fast"


if __name__ == "__main__":
    main()
