"""Changes on a server: indexing, repositories, jobs, keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress

from aelus.application.find_repository import repository_named
from aelus.application.issue_key import IssuedKey, NewKey
from aelus.application.list_left_out import MAX_PAGE
from aelus.application.progress import ProgressEvent, Report
from aelus.application.read_members import Page
from aelus.application.register_repository import check_name, default_name
from aelus.application.reports import IndexReport
from aelus.domain.credentials import ApiKey, KeyId
from aelus.domain.identity import Principal
from aelus.domain.jobs import FileError, Job, JobId, JobState
from aelus.domain.repository import IndexCounts, Repository, RepositoryId
from aelus.domain.secrets import SecretPurpose
from aelus.domain.source import SkippedFile, SkipReason, is_address
from aelus.domain.tenancy import LOCAL_TENANT, TenantId
from aelus.entrypoints.cli.remote.connection import Connection
from aelus.entrypoints.cli.remote.readings import job_of, key_of, repository_of
from aelus.entrypoints.http import identity_models, ingestion_models, models
from aelus.ports.errors import Conflict, InvalidRequest, PortError
from aelus.ports.index_store import Written

PAGE = 100


class RemoteRepositories:
    """As much of the store as commands need."""

    def __init__(self, server: Connection) -> None:
        self._server = server

    async def get(self, _tenant: TenantId, repository: RepositoryId) -> Repository:
        return repository_of(await self._server.get(f"/repositories/{repository}", models.RepositoryAnswer))

    async def find(self, tenant: TenantId, name: str) -> Repository | None:
        page = await self.list(tenant)
        while page:
            for one in page:
                if one.name == name:
                    return one
            page = await self.list(tenant, after=page[-1].name) if len(page) == PAGE else ()
        return None

    async def list(self, _tenant: TenantId, *, after: str = "", limit: int = PAGE) -> Sequence[Repository]:
        answer = await self._server.get("/repositories", models.RepositoryPageAnswer, limit=min(limit, PAGE), cursor=after or None)
        return [repository_of(item) for item in answer.items]

    async def all(self, tenant: TenantId) -> tuple[Repository, ...]:
        """Every one, by name."""
        found: list[Repository] = []
        while page := await self.list(tenant, after=found[-1].name if found else ""):
            found += page
            if len(page) < PAGE:
                break
        return tuple(found)

    async def remove(self, _tenant: TenantId, repository: RepositoryId) -> None:
        await self._server.change("DELETE", f"/repositories/{repository}")


class RemoteLeftOut:
    def __init__(self, server: Connection) -> None:
        self._server = server

    async def all(self, _tenant: TenantId, repository: RepositoryId) -> tuple[SkippedFile, ...]:
        """Every one, by path."""
        found, cursor = list[SkippedFile](), ""
        while True:
            page = await self._server.get(f"/repositories/{repository}/left-out", models.LeftOutPageAnswer, limit=MAX_PAGE, cursor=cursor)
            found += [SkippedFile(path=one.path, reason=one.reason, detail=one.detail) for one in page.items]
            cursor = page.next_cursor or ""
            if not cursor:
                return tuple(found)


class RemoteGetRepository:
    def __init__(self, repositories: RemoteRepositories) -> None:
        self._repositories = repositories

    async def __call__(self, tenant: TenantId, name: str) -> Repository:
        return await repository_named(self._repositories, tenant, name)


class RemoteFindRepositories:
    def __init__(self, repositories: RemoteRepositories) -> None:
        self._repositories = repositories

    async def __call__(self, tenant: TenantId, names: Sequence[str]) -> tuple[RepositoryId, ...]:
        return tuple([(await repository_named(self._repositories, tenant, name)).id for name in names])


class RemoteSecrets:
    def __init__(self, server: Connection) -> None:
        self._server = server

    async def __call__(self, _tenant: TenantId, repository: RepositoryId, purpose: SecretPurpose, secret: str | None) -> None:
        path = f"/repositories/{repository}/secrets/{purpose.value}"
        await self._server.change("DELETE" if secret is None else "PUT", path, None if secret is None else {"secret": secret})


class RemoteIndexing:
    """Has a server index an address, and waits until it has. A new repository that cannot be indexed is forgotten again."""

    def __init__(self, server: Connection, repositories: RemoteRepositories) -> None:
        self._server = server
        self._repositories = repositories

    async def __call__(
        self, tenant: TenantId, location: str, *, name: str = "", branch: str = "", report: Report, dry_run: bool = False
    ) -> IndexReport:
        if not is_address(location):
            raise InvalidRequest(f"The server cannot read {location[:200]} of this machine.", "Give the address of a Git repository.")
        repository, new = await self._known(tenant, location, name, branch)
        try:
            job = await self._done(repository, report, dry_run=dry_run)
            return _report(repository, job)
        except PortError:
            if new:
                with suppress(PortError):
                    await self._repositories.remove(tenant, repository.id)
            raise

    async def _known(self, tenant: TenantId, location: str, name: str, branch: str) -> tuple[Repository, bool]:
        wanted = check_name(name or default_name(location))
        found = await self._repositories.find(tenant, wanted)
        if found is None:
            body = {"git_url": location, "name": wanted, "branch": branch}
            return repository_of(await self._server.post("/repositories", models.RepositoryAnswer, body)), True
        if found.location != location or (branch and found.branch != branch):
            raise Conflict(f"The name {wanted!r} belongs to {found.location}.", "Give this one another with --name.")
        return found, False

    async def _done(self, repository: Repository, report: Report, *, dry_run: bool) -> Job:
        body = {"repository_id": str(repository.id), "dry_run": dry_run}
        asked = await self._server.post("/ingest/repository", ingestion_models.AcceptedAnswer, body)
        async for answer in self._server.events(f"/ingest/jobs/{asked.job_id}/events", ingestion_models.JobAnswer):
            job = job_of(answer)
            if job.state.ended:
                return job
            if job.state is JobState.RUNNING:
                report(_event(job))
        return job_of(await self._server.get(f"/ingest/jobs/{asked.job_id}", ingestion_models.JobAnswer))


def _skipped(failed: Sequence[FileError], counts: Mapping[str, int]) -> tuple[SkippedFile, ...]:
    """As many as were counted; a job names only some of those that failed, the others have no path."""
    named = [SkippedFile(path=error.path, reason=SkipReason(error.reason), detail=error.detail) for error in failed]
    unnamed = Counter(counts) - Counter(file.reason.value for file in named)
    return (*named, *(SkippedFile(path="", reason=SkipReason(reason)) for reason in unnamed.elements()))


def _event(job: Job) -> ProgressEvent:
    return ProgressEvent(stage=job.stage, done=job.progress.files_processed, total=job.progress.files_total, progress=job.progress)


def _report(repository: Repository, job: Job) -> IndexReport:
    """Raises PortError: the job failed, or was cancelled."""
    if job.state is not JobState.SUCCEEDED or job.result is None:
        raise PortError(job.error or f"The job {job.id} was {job.state}.")
    result = job.result
    return IndexReport(
        repository_id=repository.id,
        repository=repository.name,
        commit=result.commit,
        changes=result.paths,
        counts=result.counts or IndexCounts(),
        skipped_files=_skipped(job.file_errors, result.skipped),
        written=Written(nodes=result.nodes_written, edges=result.edges_written, chunks=result.chunks_written),
        truncated=result.truncated,
        seconds={"total": 0.0, **result.seconds},
    )


class RemoteJobs:
    def __init__(self, server: Connection) -> None:
        self._server = server

    async def __call__(self, _tenant: TenantId) -> Sequence[Job]:
        return [job_of(job) for job in (await self._server.get("/ingest/jobs", ingestion_models.JobsAnswer, limit=PAGE)).items]

    async def cancel(self, _tenant: TenantId, job: JobId) -> Job:
        return job_of(await self._server.post(f"/ingest/jobs/{job}/cancel", ingestion_models.JobAnswer, {}))

    async def retry(self, _tenant: TenantId, jobs: Sequence[JobId]) -> Sequence[Job]:
        body = {"job_ids": [str(job) for job in jobs]}
        return [job_of(job) for job in (await self._server.post("/admin/dlq/retry", ingestion_models.JobsAnswer, body)).items]


class RemoteKeys:
    def __init__(self, server: Connection) -> None:
        self._server = server

    async def issue(self, tenant: TenantId, wanted: NewKey, *, by: Principal) -> IssuedKey:
        """The server knows by whom."""
        del by
        _check_own(tenant)
        body = {"name": wanted.name, "role": wanted.role, "expires_in_days": wanted.days}
        answer = await self._server.post("/api-keys", identity_models.IssuedKeyAnswer, body)
        return IssuedKey(key=key_of(answer), token=answer.key)

    async def keys(self, tenant: TenantId, *, after: KeyId | None = None, limit: int = PAGE) -> Page[ApiKey]:
        _check_own(tenant)
        answer = await self._server.get("/api-keys", identity_models.ApiKeyPageAnswer, limit=limit, cursor=after)
        return Page(items=tuple(key_of(key) for key in answer.items), more=answer.next_cursor is not None)

    async def revoke(self, tenant: TenantId, key: KeyId, *, by: Principal) -> None:
        del by
        _check_own(tenant)
        await self._server.change("DELETE", f"/api-keys/{key}")


def _check_own(tenant: TenantId) -> None:
    if tenant != LOCAL_TENANT:
        raise InvalidRequest("A server takes the tenant from AELUS_API_KEY.", "Leave --tenant out.")


class RemoteTrail:
    """A server writes down itself what it is asked to do."""

    async def record(self, *_who: object, **_what: object) -> None:
        return
