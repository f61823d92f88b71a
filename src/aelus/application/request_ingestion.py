"""Ask for a repository to be indexed in the background."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

from aelus.application.branch_index import check_is_whole, index_of_branch
from aelus.application.known_quotas import KnownQuotas
from aelus.application.register_repository import check_branch, check_patterns
from aelus.domain.jobs import Job, Trial
from aelus.domain.origin import request_id
from aelus.domain.repository import RepositoryId, branch_name
from aelus.domain.tenancy import TenantId
from aelus.ports.clock import Clock
from aelus.ports.job_store import JobStore
from aelus.ports.queue import JobMessage, Queue
from aelus.ports.repository_store import RepositoryStore


class RequestIngestion:
    def __init__(self, *, jobs: JobStore, repositories: RepositoryStore, queue: Queue, clock: Clock, quotas: KnownQuotas) -> None:
        self._quotas = quotas
        self._jobs = jobs
        self._repositories = repositories
        self._queue = queue
        self._clock = clock

    async def __call__(
        self, tenant: TenantId, repository_id: RepositoryId, *, branch: str | None = None, file_patterns: Sequence[str] | None = None
    ) -> Job:
        """Record a job and tell the queue; a job that is waiting for this repository already is returned instead.

        A branch that is not the one that the repository indexes has an index of its own, which is made where there is none. Patterns are
        those of the index that is asked for from now on.

        The record comes first: a job whose message is lost is found again when a worker starts.

        Raises:
            NotFound: there is no such repository.
            InvalidRequest: the branch or a pattern cannot be one.
            QuotaExceeded: the tenant has as many unfinished jobs as it may have.
            Unavailable: the queue does not answer. The job is recorded; asking again tells the queue again.
        """
        repository = await self._repositories.get(tenant, repository_id)
        _check(branch, file_patterns)
        if branch:
            check_is_whole(repository)
        known, _ = await index_of_branch(self._repositories, tenant, repository, branch or "", now=self._clock.now())
        if file_patterns is not None and tuple(file_patterns) != known.file_patterns:
            await self._repositories.update(tenant, replace(known, file_patterns=tuple(file_patterns)))
        return await self._record(tenant, known.id, None)

    async def dry_run(
        self, tenant: TenantId, repository_id: RepositoryId, *, branch: str | None = None, file_patterns: Sequence[str] | None = None
    ) -> Job:
        """Ask what a job would do: it is done like any other, and writes nothing. Raises as the call."""
        repository = await self._repositories.get(tenant, repository_id)
        _check(branch, file_patterns)
        known = await self._repositories.find(tenant, branch_name(repository.name, branch)) if branch else None
        patterns = None if file_patterns is None else tuple(file_patterns)
        return await self._record(tenant, (known or repository).id, Trial(branch=branch, file_patterns=patterns))

    async def _record(self, tenant: TenantId, repository_id: RepositoryId, trial: Trial | None) -> Job:
        new = Job(
            id=uuid4(),
            repository_id=repository_id,
            created_at=self._clock.now(),
            request_id=request_id(),
            trial=trial,
        )
        quotas = await self._quotas(tenant)
        job = await self._jobs.add(tenant, new, most=None if quotas is None else quotas.jobs)
        await self._queue.publish(JobMessage(tenant=tenant, job=job.id, request_id=job.request_id))
        return job


def _check(branch: str | None, file_patterns: Sequence[str] | None) -> None:
    """Raises InvalidRequest."""
    check_branch(branch or "")
    check_patterns(file_patterns or ())
