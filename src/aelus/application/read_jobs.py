"""How background work stands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from aelus.domain.jobs import Job, JobId
from aelus.domain.tenancy import TenantId
from aelus.ports.job_store import JobStore

POLL_S = 0.25
MAX_JOBS = 100


class ReadJobs:
    def __init__(self, *, jobs: JobStore) -> None:
        self._jobs = jobs

    async def __call__(self, tenant: TenantId, *, limit: int = MAX_JOBS) -> Sequence[Job]:
        """Newest first, at most 100."""
        return await self._jobs.list(tenant, limit=min(limit, MAX_JOBS))

    async def one(self, tenant: TenantId, job: JobId) -> Job:
        """Raises NotFound."""
        return await self._jobs.get(tenant, job)

    async def follow(self, tenant: TenantId, job: JobId) -> AsyncIterator[Job]:
        """The job as it is now, then each time that it has changed, until it has ended. Raises NotFound."""
        last: Job | None = None
        while last is None or not last.state.ended:
            current = await self._jobs.get(tenant, job)
            if current == last:
                await asyncio.sleep(POLL_S)
                continue
            yield current
            last = current
