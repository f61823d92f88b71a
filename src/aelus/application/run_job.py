"""Do the work that a queued job stands for."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from aelus.application.index_repository import IndexRepository
from aelus.application.job_progress import JobRecorder
from aelus.application.reports import IndexReport, unread_files
from aelus.domain.jobs import PATIENCE_S, FileError, Job, JobResult, JobState, Stage, job_result, retry_pause_s
from aelus.domain.source import SkipReason
from aelus.domain.tenancy import TenantId
from aelus.ports.clock import Clock
from aelus.ports.errors import Conflict, NotFound, PortError
from aelus.ports.job_store import JobStore
from aelus.ports.queue import JobMessage
from aelus.ports.tenant_store import TenantStore

MAX_DEATHS = 6
"""Times that a worker ends while it is at the job: it may be the work that ends it."""
MAX_FILE_ERRORS = 100
"""Files that a job names as not read: first those that failed, then those that are too large."""
BUSY_POLL_S = 2.0
BUSY_LIMIT_S = 3600.0
TENANT_POLL_S = 5.0
"""How long the work for a tenant that is deleted may go on."""


class RunJob:
    """The handler behind the queue. Told twice of a job, it does it once; a job that ends is always recorded."""

    def __init__(
        self,
        *,
        tenants: TenantStore,
        jobs: JobStore,
        index: IndexRepository,
        clock: Clock,
        busy_poll_s: float = BUSY_POLL_S,
        tenant_poll_s: float = TENANT_POLL_S,
    ) -> None:
        self._tenants = tenants
        self._tenant_poll_s = tenant_poll_s
        self._jobs = jobs
        self._busy_poll_s = busy_poll_s
        self._index = index
        self._clock = clock

    async def __call__(self, message: JobMessage) -> None:
        """Index the job's repository.

        Raises:
            Unavailable: the record of jobs is away; the queue delivers again. Where another service is, the record says when to go on.
            Exception: a defect. It is recorded as failed, and raised for the log.
        """
        job = await self._pending(message)
        waited_s = 0.0
        while job is not None:
            deaths = job.attempts - job.retries
            if deaths >= MAX_DEATHS:
                return await self._fail(message.tenant, job, f"It was begun {deaths} times, and each time its worker ended.")
            try:
                return await self._attempt(message.tenant, job)
            except Conflict as busy:
                if waited_s >= BUSY_LIMIT_S:
                    return await self._fail(message.tenant, job, str(busy))
            await asyncio.sleep(self._busy_poll_s)
            waited_s += self._busy_poll_s
            job = await self._waiting(message)
        return None

    async def _waiting(self, message: JobMessage) -> Job | None:
        """The job, unless it has ended or somebody else is at it: if that one dies, the job is told of again."""
        job = await self._pending(message)
        if job is None or job.state is not JobState.QUEUED:
            return None
        await self._jobs.update(message.tenant, job)
        return job

    async def _pending(self, message: JobMessage) -> Job | None:
        """The job, unless it has ended, or is to be tried later, or its repository is gone; that of a deleted tenant waits for it."""
        try:
            tenant = await self._tenants.get(message.tenant)
            job = await self._jobs.get(message.tenant, message.job)
        except NotFound:
            return None
        is_early = job.next_try_at is not None and job.next_try_at > self._clock.now()
        return None if job.state.ended or is_early or tenant.deleted_at is not None else job

    async def _until_deleted(self, tenant: TenantId) -> None:
        """Raises Conflict as soon as the tenant is deleted: its job is left as it is, for when it is brought back."""
        while True:
            await asyncio.sleep(self._tenant_poll_s)
            with suppress(NotFound):
                if (await self._tenants.get(tenant)).deleted_at is None:
                    continue
            raise Conflict(f"Tenant {tenant} is deleted.", "Bring it back to go on.")

    async def _attempt(self, tenant: TenantId, job: Job) -> None:
        recorder = JobRecorder(jobs=self._jobs, clock=self._clock, tenant=tenant, job=job)
        try:
            report = await recorder.run(
                lambda tell: self._index(tenant, job.repository_id, report=tell, trial=job.trial, job=job.id),
                unless=self._until_deleted(tenant),
            )
        except Conflict:
            raise
        except PortError as error:
            await self._give_up(tenant, recorder.current(), error)
        except Exception as error:
            await self._fail(
                tenant, recorder.current(), f"Indexing failed by a defect of Aelus ({type(error).__name__}); its log says more."
            )
            raise
        else:
            await self._succeed(tenant, recorder.current(), report)

    async def _give_up(self, tenant: TenantId, job: Job, error: PortError) -> None:
        """Try again later what may pass by itself: whoever looks for jobs that nobody does finds it when its time has come."""
        now = self._clock.now()
        waited_s = (now - (job.started_at or now)).total_seconds()
        if not error.retryable or waited_s >= PATIENCE_S:
            await self._fail(tenant, job, str(error))
        else:
            later = now + timedelta(seconds=retry_pause_s(job.retries))
            waiting = replace(job, state=JobState.QUEUED, error=str(error), retries=job.retries + 1, next_try_at=later)
            await self._jobs.update(tenant, waiting)

    async def _succeed(self, tenant: TenantId, job: Job, report: IndexReport) -> None:
        unread = sorted(unread_files(report.skipped_files), key=lambda file: file.reason is SkipReason.TOO_LARGE)[:MAX_FILE_ERRORS]
        errors = tuple(FileError(path=file.path, reason=file.reason.value, detail=file.detail) for file in unread)
        done = replace(job, state=JobState.SUCCEEDED, stage=Stage.DONE, error="", file_errors=errors, ended_at=self._clock.now())
        ended = replace(done, result=_result(report))
        await self._jobs.update(tenant, ended)

    async def _fail(self, tenant: TenantId, job: Job, error: str) -> None:
        await self._jobs.update(tenant, replace(job, state=JobState.FAILED, error=error, ended_at=self._clock.now()))


def _result(report: IndexReport) -> JobResult:
    written = report.written
    return replace(
        job_result(report.commit, report.changes, report.counts),
        nodes_written=written.nodes,
        edges_written=written.edges,
        chunks_written=written.chunks,
        skipped=dict(report.skipped),
        truncated=report.truncated,
        seconds={stage: round(seconds, 4) for stage, seconds in report.seconds.items()},
    )
