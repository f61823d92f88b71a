"""Work that failed for good, and another try of it."""

from __future__ import annotations

from collections.abc import Sequence

from aelus.application.request_ingestion import RequestIngestion
from aelus.domain.jobs import Job, JobId, JobState
from aelus.domain.tenancy import TenantId
from aelus.ports.errors import Conflict
from aelus.ports.job_store import JobStore


class RetryJobs:
    """The record of failed jobs is the dead-letter list: whatever the queue gave up is in it."""

    def __init__(self, *, jobs: JobStore, request: RequestIngestion) -> None:
        self._jobs = jobs
        self._request = request

    async def failed(self, tenant: TenantId, *, limit: int) -> Sequence[Job]:
        """Repositories' last jobs that failed, the newest first: one that succeeded later has nothing left to retry."""
        return await self._jobs.failed(tenant, limit=limit)

    async def __call__(self, tenant: TenantId, jobs: Sequence[JobId]) -> Sequence[Job]:
        """Ask for the work of each failed job again; return the new jobs, in order.

        Raises:
            NotFound: one of the jobs does not exist. Nothing is retried then.
            Conflict: one of them has not failed. Nothing is retried then.
            Unavailable: the queue does not answer. What was recorded is told to it when a worker starts.
        """
        found = [await self._jobs.get(tenant, job) for job in dict.fromkeys(jobs)]
        for job in found:
            if job.state is not JobState.FAILED or job.trial is not None:
                what = "is a dry run" if job.trial is not None else f"has not failed: it is {job.state}"
                raise Conflict(f"Job {job.id} {what}.", "Only failed jobs are retried.")
        repositories = dict.fromkeys(job.repository_id for job in found)
        return [await self._request(tenant, repository) for repository in repositories]
