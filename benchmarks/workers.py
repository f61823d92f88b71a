"""Index the Python standard library with one worker and with two: `python benchmarks/workers.py [FOLDER]`.

Once one repository, which two workers parse together and one of them links and writes, and once four at a time, as pushes come in.
Needs Redis: AELUS_REDIS_URL, or `redis-server` on the path. A worker stands for a machine with one processor: it and the one process that
parses for it are bound to one, where the system can do that, so that one worker never keeps two processors busy. The database is bound to
none. What it and others who are at the machine take, workers lack; so beside the seconds of the clock stand processor seconds, and how many
times as fast two workers would be by those alone: all that the one has done, against what the busier of the two has.
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
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil

from aelus.adapters.postgres.embedded.layout import prepare_layout
from aelus.domain.jobs import JobState, Stage
from aelus.domain.tenancy import LOCAL_TENANT, Tenant
from aelus.entrypoints.container import open_service
from aelus.entrypoints.settings import load_settings
from aelus.entrypoints.use_cases import UseCases
from corpus import copy_standard_library
from machine import describe, table

POLL_S = 0.05
SETTLED_S = 5.0
"""Until workers that have been started wait for work."""
MANY = 4
"""Repositories that are asked for at the same time."""
KINDS = ("workers", "their parsers", "database")


@dataclass
class Figures:
    """Of one run: seconds of the clock by stage, and processor seconds by kind of process."""

    seconds: dict[str, float] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)
    busiest_s: float = 0.0
    """Processor seconds of the worker that had most to do, and of what parses for it."""


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
async def workers(count: int, settings: dict[str, str]) -> AsyncIterator[list[psutil.Process]]:
    """So many worker processes, each bound to a processor of its own."""
    environment = {**os.environ, **settings}
    started = [await asyncio.create_subprocess_exec(sys.executable, "-m", "aelus", "worker", env=environment) for _ in range(count)]
    known = [psutil.Process(process.pid) for process in started]
    for number, worker in enumerate(known):
        bind(worker, number)
    try:
        await asyncio.sleep(SETTLED_S)
        yield known
    finally:
        for process in started:
            process.terminate()
        await asyncio.gather(*[process.wait() for process in started])


def bind(process: psutil.Process, number: int) -> None:
    if hasattr(process, "cpu_affinity"):
        processors = process.cpu_affinity()
        process.cpu_affinity([processors[number % len(processors)]])


@asynccontextmanager
async def service(home: Path, count: int, redis_url: str) -> AsyncIterator[tuple[UseCases, Figures]]:
    """The service with so many workers; the processor seconds are there when the context ends."""
    given: dict[str, Any] = {"home": home, "redis_url": redis_url, "parser_processes": 1}
    environment = {f"AELUS_{name.upper()}": str(value) for name, value in given.items()} | {"AELUS_LOG_LEVEL": "warning"}
    async with open_service(load_settings(**given)) as use_cases, workers(count, environment) as started:
        figures, database = Figures(), database_of(home)
        before, done = cpu_seconds(started, database), [own_s(one) + children_s(one) for one in started]
        yield use_cases, figures
        after = cpu_seconds(started, database)
        figures.cpu = {kind: after[kind] - before[kind] for kind in KINDS}
        figures.busiest_s = max(own_s(one) + children_s(one) - then for one, then in zip(started, done, strict=True))


def database_of(home: Path) -> psutil.Process:
    return psutil.Process(int((prepare_layout(home).data / "postmaster.pid").read_text().split()[0]))


def cpu_seconds(started: list[psutil.Process], database: psutil.Process) -> dict[str, float]:
    return {
        "workers": sum(own_s(process) for process in started),
        "their parsers": sum(children_s(process) for process in started),
        "database": own_s(database) + children_s(database),
    }


def own_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def children_s(process: psutil.Process) -> float:
    """Of those that have ended and of those that live."""
    times = process.cpu_times()
    total = times.children_user + times.children_system
    for child in process.children():
        with suppress(psutil.NoSuchProcess):
            total += own_s(child)
    return float(total)


async def measure(folder: Path, home: Path, count: int, redis_url: str) -> Figures:
    """One repository: seconds of each stage, and of the whole job, by its record."""
    async with service(home, count, redis_url) as (use_cases, figures):
        repository = await use_cases.register_repository()(LOCAL_TENANT, str(folder))
        job = await use_cases.request_ingestion()(LOCAL_TENANT, repository.id)
        before = time.perf_counter()
        while not job.state.ended:
            await asyncio.sleep(POLL_S)
            stage, now = job.stage.value, time.perf_counter()
            figures.seconds[stage], before = figures.seconds.get(stage, 0.0) + now - before, now
            job = await use_cases.read_jobs().one(LOCAL_TENANT, job.id)
        assert job.state is JobState.SUCCEEDED, job.error
        assert job.started_at is not None
        assert job.ended_at is not None
        figures.seconds["total"] = (job.ended_at - job.started_at).total_seconds()
    return figures


async def measure_many(folder: Path, home: Path, count: int, redis_url: str) -> Figures:
    """Several repositories, each of a tenant of its own: tenants share nothing, though the code is the same."""
    async with service(home, count, redis_url) as (use_cases, figures):
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
        figures.seconds["total"] = time.perf_counter() - started
    return figures


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
    print("One repository, seconds of the clock")
    print(table([(name, compared(found[1].seconds.get(name, 0.0), found[2].seconds.get(name, 0.0))) for name in stages]))
    print(cpu_table(found))
    print(f"{MANY} repositories at a time, seconds of the clock")
    print(table([("total", compared(many[1].seconds["total"], many[2].seconds["total"]))]))
    print(cpu_table(many))


def cpu_table(found: dict[int, Figures]) -> str:
    """Processor seconds by kind, and the ratio by them."""
    rows = [(name, f"one worker {found[1].cpu[name]:.1f} s, two {found[2].cpu[name]:.1f} s") for name in KINDS]
    return "of processors\n" + table([*rows, ("the busier worker", compared(found[1].busiest_s, found[2].busiest_s))])


def compared(one_s: float, two_s: float) -> str:
    """Seconds of one worker and of two, and their ratio."""
    return f"one worker {one_s:.1f} s, two {two_s:.1f} s, {one_s / max(two_s, POLL_S):.2f} times as fast"


if __name__ == "__main__":
    main()
