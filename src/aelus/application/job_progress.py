"""Writing down how far a running job is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import TypeVar

from aelus.application.progress import ProgressEvent, Report
from aelus.domain.jobs import Job, JobState
from aelus.domain.tenancy import TenantId
from aelus.ports.clock import Clock
from aelus.ports.job_store import JobStore

T = TypeVar("T")

INTERVAL_S = 0.25
"""The record is written at most four times a second."""
QUIET_INTERVALS = 4
"""Intervals without progress after which the record is written all the same: a sign of life, which fails when somebody ended the job."""


class JobRecorder:
    """Runs work that reports, and keeps the job's record close behind it."""

    def __init__(self, *, jobs: JobStore, clock: Clock, tenant: TenantId, job: Job) -> None:
        self._jobs = jobs
        self._clock = clock
        self._tenant = tenant
        self._latest: ProgressEvent | None = None
        self._written: ProgressEvent | None = None
        self._begun = asyncio.Event()
        self.job = job
        """As it was last written."""

    async def run(self, work: Callable[[Report], Awaitable[T]], *, unless: Coroutine[None, None, None]) -> T:
        """Do the work. It is cancelled when somebody else ends the job meanwhile, and with what `unless` raises."""
        running = asyncio.ensure_future(work(self._take))
        watching = (asyncio.ensure_future(self._keep_writing()), asyncio.ensure_future(unless))
        try:
            await asyncio.wait([running, *watching], return_when=asyncio.FIRST_COMPLETED)
            if not running.done():
                next(one for one in watching if one.done()).result()
            return await running
        finally:
            await _end(running, *watching)

    def _take(self, event: ProgressEvent) -> None:
        self._latest = event
        self._begun.set()

    async def _keep_writing(self) -> None:
        await self._begun.wait()
        quiet = 0
        while True:
            if self._latest is not None and self._latest is not self._written:
                await self._write(self._latest)
                quiet = 0
            elif (quiet := quiet + 1) % QUIET_INTERVALS == 0:
                await self._jobs.update(self._tenant, self.job)
            await asyncio.sleep(INTERVAL_S)

    async def _write(self, event: ProgressEvent) -> None:
        job = self.started()
        self.job = replace(job, stage=event.stage, progress=event.progress)
        await self._jobs.update(self._tenant, self.job)
        self._written = event

    def started(self) -> Job:
        """The job with this attempt counted."""
        if self._written is not None:
            return self.job
        now = self._clock.now()
        begun = replace(self.job, state=JobState.RUNNING, attempts=self.job.attempts + 1, started_at=self.job.started_at or now)
        return replace(begun, error="", next_try_at=None)

    def current(self) -> Job:
        """The job with all that was reported, whether written yet or not."""
        job = self.started()
        return job if self._latest is None else replace(job, stage=self._latest.stage, progress=self._latest.progress)


async def _end(*tasks: asyncio.Future[T] | asyncio.Future[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
