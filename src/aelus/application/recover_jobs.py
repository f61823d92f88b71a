"""Tell the queue again of all work that is not done."""

from __future__ import annotations

from aelus.domain.jobs import JobState
from aelus.ports.job_store import JobStore
from aelus.ports.queue import JobMessage, Queue
from aelus.ports.tenant_store import TenantStore


class RecoverJobs:
    """For the start of a worker: the record of jobs is the truth, a queue may have lost its messages.

    A job that is told twice is done once.
    """

    def __init__(self, *, tenants: TenantStore, jobs: JobStore, queue: Queue) -> None:
        self._tenants = tenants
        self._jobs = jobs
        self._queue = queue

    async def __call__(self, *, running: bool) -> int:
        """Publish each waiting job, oldest first, and with `running` those at work too: nobody else is, where the queue is of this process.

        Returns how many.
        """
        count = 0
        for tenant in await self._tenants.list():
            for job in await self._jobs.unfinished(tenant.id):
                if running or job.state is JobState.QUEUED:
                    await self._queue.publish(JobMessage(tenant=tenant.id, job=job.id))
                    count += 1
        return count
