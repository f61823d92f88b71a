"""Running jobs until told to stop."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress

import structlog

from aelus.domain.collector import collector_rests
from aelus.domain.jobs import Job
from aelus.entrypoints import tracing
from aelus.entrypoints.logging import traced
from aelus.entrypoints.metrics import Metrics, measured
from aelus.entrypoints.settings import Settings
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.errors import PortError
from aelus.ports.queue import JobHandler, JobMessage, Task

SIGNALS = (signal.SIGTERM, signal.SIGINT)
LOOK_S = 2.0
"""Seconds between two looks at the record for jobs that nobody does."""
EXPIRE_S = 3600.0
"""Seconds between two looks for entries of the audit log that are too old, and for what failed jobs have left."""
DRAIN_S = 60.0
"""Seconds that jobs at work are given when the worker stops. One cut off is begun again by the next worker."""


async def run_worker(use_cases: UseCases, settings: Settings, *, stop: asyncio.Event) -> None:
    """Take jobs from the queue until `stop` is set, then let those at work end."""
    ports = use_cases.ports()
    work = ports.queue.work(_watched(use_cases), concurrency=settings.workers, tasks=settings.worker_tasks)
    working = asyncio.create_task(work)
    looking = asyncio.create_task(_keep_looking(use_cases, lost_s=2 * settings.lease_s))
    stopping = asyncio.create_task(stop.wait())
    try:
        with collector_rests():
            await asyncio.wait([working, stopping], return_when=asyncio.FIRST_COMPLETED)
            if stopping.done():
                await _drain(ports.queue.stop())
            else:
                await working
    finally:
        tasks = [stopping, looking, working]
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


def _watched(use_cases: UseCases) -> JobHandler:
    """The handler of jobs, which works in the name of the request that asked for the job, and measures how long it took."""
    handlers: Mapping[Task, JobHandler] = {
        Task.REPOSITORY: use_cases.run_job(),
        Task.FILES: use_cases.parse_shards(),
        Task.VECTORS: use_cases.embed_backlog(),
    }
    read_jobs = use_cases.read_jobs()

    async def handle(message: JobMessage) -> None:
        with traced(message.request_id, message.tenant), tracing.span("job", about={"aelus.job_id": str(message.job)}):
            try:
                await handlers[message.task](message)
            finally:
                metrics = measured()
                if metrics is not None and message.task is Task.REPOSITORY:
                    with suppress(PortError):
                        _measure(metrics, await read_jobs.one(message.tenant, message.job))

    return handle


def _measure(metrics: Metrics, job: Job) -> None:
    if job.started_at is not None and job.ended_at is not None:
        metrics.jobs.labels(job.state.value).observe((job.ended_at - job.started_at).total_seconds())
        metrics.job_waits.observe((job.started_at - job.created_at).total_seconds())


async def _keep_looking(use_cases: UseCases, *, lost_s: float) -> None:
    """Tell the queue of jobs that it does not know of, and of those whose worker has died.

    A queue of this process knows nothing of the time before it, nor of what other processes ask for. One that remembers may have lost
    messages, too, but that is rare, and each that is told twice is work for all workers.
    """
    remembers = use_cases.ports().queue_remembers
    running_s = lost_s if remembers else 0.0
    refreshed = False
    expires_at = 0.0
    while True:
        try:
            found = await use_cases.recover_jobs()(waiting_s=lost_s if remembers else 0.0, running_s=running_s)
            running_s = lost_s
            if found and remembers:
                structlog.get_logger("aelus").info("jobs_recovered", jobs=found)
            if behind := await use_cases.embed_backlog().recover(silent_s=lost_s):
                structlog.get_logger("aelus").info("vectors_asked_for_again", repositories=behind)
            refreshed = refreshed or await _refresh_models(use_cases)
            if purged := await use_cases.purge_tenants()():
                structlog.get_logger("aelus").info("tenants_purged", tenants=purged)
            if time.monotonic() >= expires_at:
                await use_cases.audit_trail().expire()
                await use_cases.drop_leavings()()
                expires_at = time.monotonic() + EXPIRE_S
        except PortError as away:
            structlog.get_logger("aelus").warning("jobs_not_looked_for", reason=str(away))
        await asyncio.sleep(LOOK_S)


async def _refresh_models(use_cases: UseCases) -> bool:
    """Once: the model that indexes are made with changes only with the process."""
    await use_cases.refresh_models()()
    return True


async def work_until_signal(use_cases: UseCases, settings: Settings) -> None:
    """Run the worker alone, until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    async with until_signal(stop):
        await run_worker(use_cases, settings, stop=stop)


@asynccontextmanager
async def until_signal(stop: asyncio.Event) -> AsyncIterator[None]:
    """Let SIGTERM and SIGINT set the event, as long as the context is open."""
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)


async def _drain(stopping: Coroutine[None, None, None]) -> None:
    try:
        async with asyncio.timeout(DRAIN_S):
            await stopping
    except TimeoutError:
        structlog.get_logger("aelus").warning("worker_drain_timed_out", seconds=DRAIN_S)
