"""Tell the queue again of work that nobody does."""

from __future__ import annotations

from aelus.domain.tenancy import living
from aelus.ports.clock import Clock
from aelus.ports.job_store import JobStore
from aelus.ports.queue import JobMessage, Queue
from aelus.ports.tenant_store import TenantStore


class RecoverJobs:
    """The record of jobs is the truth: a queue may have lost its messages, and a worker its life.

    A job that is told twice is done once.
    """

    def __init__(self, *, tenants: TenantStore, jobs: JobStore, queue: Queue, clock: Clock) -> None:
        self._tenants = tenants
        self._jobs = jobs
        self._queue = queue
        self._clock = clock

    async def __call__(self, *, waiting_s: float, running_s: float) -> int:
        """Publish the jobs that wait, or are said to be at work, and that nobody has written for so many seconds.

        Those that are to be tried again come when their time has come. Returns how many.

        Raises Unavailable: the queue or the record does not answer.
        """
        count = 0
        for tenant in living(await self._tenants.list()):
            for job in await self._jobs.silent(tenant.id, waiting_s=waiting_s, running_s=running_s, now=self._clock.now()):
                await self._queue.publish(JobMessage(tenant=tenant.id, job=job.id, request_id=job.request_id))
                count += 1
        return count
