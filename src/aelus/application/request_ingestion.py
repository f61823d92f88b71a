"""Ask for a repository to be indexed in the background."""

from __future__ import annotations

from uuid import uuid4

from aelus.domain.jobs import Job, JobState, Progress, Stage
from aelus.domain.origin import request_id
from aelus.domain.repository import RepositoryId
from aelus.domain.tenancy import TenantId
from aelus.ports.clock import Clock
from aelus.ports.job_store import JobStore
from aelus.ports.queue import JobMessage, Queue
from aelus.ports.repository_store import RepositoryStore


class RequestIngestion:
    def __init__(self, *, jobs: JobStore, repositories: RepositoryStore, queue: Queue, clock: Clock) -> None:
        self._jobs = jobs
        self._repositories = repositories
        self._queue = queue
        self._clock = clock

    async def __call__(self, tenant: TenantId, repository_id: RepositoryId) -> Job:
        """Record a job and tell the queue; a job that is waiting for this repository already is returned instead.

        The record comes first: a job whose message is lost is found again when a worker starts.

        Raises:
            NotFound: there is no such repository.
            Unavailable: the queue does not answer. The job is recorded; asking again tells the queue again.
        """
        repository = await self._repositories.get(tenant, repository_id)
        new = Job(
            id=uuid4(),
            repository_id=repository.id,
            state=JobState.QUEUED,
            stage=Stage.READ,
            progress=Progress(),
            attempts=0,
            error="",
            file_errors=(),
            created_at=self._clock.now(),
            started_at=None,
            ended_at=None,
            request_id=request_id(),
        )
        job = await self._jobs.add(tenant, new)
        await self._queue.publish(JobMessage(tenant=tenant, job=job.id, request_id=job.request_id))
        return job
