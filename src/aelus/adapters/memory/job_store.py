"""Job records in memory."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime

from aelus.adapters.memory.state import MemoryDatabase
from aelus.domain.jobs import Job, JobId, JobState
from aelus.domain.quotas import Metric, Quota
from aelus.domain.tenancy import TenantId, whole
from aelus.ports.errors import Conflict, NotFound, QuotaExceeded


class MemoryJobStore:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def add(self, tenant: TenantId, job: Job, *, most: int | None = None) -> Job:
        data = self._database.of(tenant)
        if job.repository_id not in data.repositories:
            raise NotFound(f"There is no repository {job.repository_id}.")
        waiting = (one for one in data.jobs.values() if one.repository_id == job.repository_id and one.state is JobState.QUEUED)
        known = next((one for one in waiting if one.trial is None), None) if job.trial is None else None
        if known is not None:
            return known
        unfinished = self._database.of(whole(tenant)).holdings().jobs
        if most is not None and unfinished >= most:
            raise QuotaExceeded(Quota.JOBS, most, unfinished)
        data.jobs[job.id] = job
        data.meter(Metric.JOBS, 1)
        data.job_written[job.id] = time.monotonic()
        return job

    async def get(self, tenant: TenantId, job: JobId) -> Job:
        found = self._database.of(tenant).jobs.get(job)
        if found is None:
            raise NotFound(f"There is no job {job}.")
        return found

    async def list(self, tenant: TenantId, *, limit: int = 100) -> Sequence[Job]:
        return sorted(self._database.of(tenant).jobs.values(), key=lambda job: (job.created_at, job.id), reverse=True)[:limit]

    async def failed(self, tenant: TenantId, *, limit: int = 100) -> Sequence[Job]:
        everything = [job for job in await self.list(tenant, limit=len(self._database.of(tenant).jobs)) if job.trial is None]
        last = {job.repository_id: job for job in reversed(everything)}
        return [job for job in everything if job.state is JobState.FAILED and last[job.repository_id] is job][:limit]

    async def update(self, tenant: TenantId, job: Job) -> None:
        known = await self.get(tenant, job.id)
        if known.state.ended:
            raise Conflict(f"Job {job.id} has ended: it is {known.state}.")
        data = self._database.of(tenant)
        data.jobs[job.id] = job
        data.job_written[job.id] = time.monotonic()

    async def silent(self, tenant: TenantId, *, waiting_s: float, running_s: float, now: datetime) -> Sequence[Job]:
        data, moment = self._database.of(tenant), time.monotonic()
        longest = {JobState.QUEUED: waiting_s, JobState.RUNNING: running_s}
        alive = [job for job in data.jobs.values() if job.state in longest and (job.next_try_at is None or job.next_try_at <= now)]
        found = [job for job in alive if moment - data.job_written[job.id] >= longest[job.state]]
        data.job_written.update(dict.fromkeys((job.id for job in found), moment))
        return sorted(found, key=lambda job: (job.created_at, job.id))
