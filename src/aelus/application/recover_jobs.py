"""Tell the queue again of all work that is not done."""

from __future__ import annotations

from aelus.ports.job_store import JobStore
from aelus.ports.queue import JobMessage, Queue
from aelus.ports.tenant_store import TenantStore


class RecoverJobs:
    """For the start of a process whose queue forgets: what was waiting or at work when the last one ended."""

    def __init__(self, *, tenants: TenantStore, jobs: JobStore, queue: Queue) -> None:
        self._tenants = tenants
        self._jobs = jobs
        self._queue = queue

    async def __call__(self) -> int:
        """Publish each unfinished job, oldest first. Returns how many."""
        count = 0
        for tenant in await self._tenants.list():
            for job in await self._jobs.unfinished(tenant.id):
                await self._queue.publish(JobMessage(tenant=tenant.id, job=job.id))
                count += 1
        return count
