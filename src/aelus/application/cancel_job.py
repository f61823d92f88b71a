"""End background work before it is done."""

from __future__ import annotations

from dataclasses import replace

from aelus.domain.jobs import Job, JobId, JobState
from aelus.domain.tenancy import TenantId
from aelus.ports.clock import Clock
from aelus.ports.job_store import JobStore


class CancelJob:
    """A waiting job is not begun any more. One at work is cut off by its worker within a second; the index stays as it was."""

    def __init__(self, *, jobs: JobStore, clock: Clock) -> None:
        self._jobs = jobs
        self._clock = clock

    async def __call__(self, tenant: TenantId, job: JobId) -> Job:
        """Record the job as cancelled, and return it. One that is cancelled already is returned as it is.

        Raises:
            NotFound: there is no such job.
            Conflict: it has succeeded or failed.
        """
        current = await self._jobs.get(tenant, job)
        if current.state is JobState.CANCELLED:
            return current
        cancelled = replace(current, state=JobState.CANCELLED, ended_at=self._clock.now())
        await self._jobs.update(tenant, cancelled)
        return cancelled
