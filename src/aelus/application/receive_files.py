"""Take files that are pushed to a repository, and ask for it to be indexed."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from aelus.application.known_quotas import KnownQuotas
from aelus.application.request_ingestion import RequestIngestion
from aelus.domain.jobs import Job, JobState, Stage, Trial, job_result
from aelus.domain.origin import request_id
from aelus.domain.pushes import FilePush, after_push, fault_of
from aelus.domain.repository import Repository, RepositoryId
from aelus.domain.source import SourceLimits, compare_files
from aelus.domain.tenancy import TenantId
from aelus.ports.clock import Clock
from aelus.ports.errors import Conflict, InvalidRequest
from aelus.ports.job_store import JobStore
from aelus.ports.pushed_files import PushedFiles
from aelus.ports.repository_store import RepositoryStore

SOUND = (JobState.QUEUED, JobState.RUNNING, JobState.SUCCEEDED)
LOOKED_AT = 100
"""Newest jobs among which that of the same push is looked for."""


class ReceiveFiles:
    def __init__(
        self,
        *,
        files: PushedFiles,
        repositories: RepositoryStore,
        jobs: JobStore,
        request: RequestIngestion,
        clock: Clock,
        limits: SourceLimits,
        quotas: KnownQuotas,
    ) -> None:
        self._files = files
        self._repositories = repositories
        self._jobs = jobs
        self._request = request
        self._clock = clock
        self._limits = limits
        self._quotas = quotas

    async def __call__(self, tenant: TenantId, repository_id: RepositoryId, push: FilePush) -> Job:
        """Apply the push as a whole, and record a job for it; the same push again has the same job.

        Raises:
            NotFound: there is no such repository.
            InvalidRequest: the push cannot be taken as it is.
            Conflict: the repository is fed by Git, or a path would be a file and a folder.
            LimitExceeded: the repository would have more than it may.
            QuotaExceeded: the tenant would.
            Unavailable: the queue does not answer. The files are kept and the job is recorded.
        """
        if not await self.apply(tenant, repository_id, push):
            known = await self._sound_job(tenant, repository_id)
            if known is not None:
                return known
        return await self._request(tenant, repository_id)

    async def apply(self, tenant: TenantId, repository_id: RepositoryId, push: FilePush) -> bool:
        """Apply the push alone; returns whether anything is different now. Raises as the call."""
        await self._checked(tenant, repository_id, push)
        return await self._files.apply(tenant, repository_id, push, limits=self._limits, most=await self._quotas(tenant))

    async def dry_run(self, tenant: TenantId, repository_id: RepositoryId, push: FilePush) -> Job:
        """What the push would change of the files, as a job that is done already; nothing is parsed. Raises as the call."""
        await self._checked(tenant, repository_id, push)
        state = await self._files.state(tenant, repository_id)
        before, after = ({path: file.blob_hash for path, file in files.items()} for files in (state.files, after_push(state.files, push)))
        now = self._clock.now()
        waiting = Job(
            id=uuid4(),
            repository_id=repository_id,
            stage=Stage.DONE,
            created_at=now,
            started_at=now,
            request_id=request_id(),
            trial=Trial(),
        )
        await self._jobs.add(tenant, waiting)
        done = replace(waiting, state=JobState.SUCCEEDED, ended_at=now, result=job_result(push.commit, compare_files(before, after), None))
        await self._jobs.update(tenant, done)
        return done

    async def _checked(self, tenant: TenantId, repository_id: RepositoryId, push: FilePush) -> Repository:
        repository = await self._repositories.get(tenant, repository_id)
        if not repository.takes_pushes:
            raise Conflict(
                f"The repository {repository.name!r} is read from {repository.location}.",
                "Register one that takes pushed files, or let its Git server announce pushes.",
            )
        fault = fault_of(push, max_file_bytes=self._limits.max_file_bytes)
        if fault:
            raise InvalidRequest(f"The push cannot be taken. {fault}")
        return repository

    async def _sound_job(self, tenant: TenantId, repository: RepositoryId) -> Job | None:
        """The newest job of the repository, unless it has failed."""
        jobs = (job for job in await self._jobs.list(tenant, limit=LOOKED_AT) if job.repository_id == repository and job.trial is None)
        newest = next(jobs, None)
        return newest if newest is not None and newest.state in SOUND else None
