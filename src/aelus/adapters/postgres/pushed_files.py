"""Pushed files in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence

from aelus.adapters.postgres.database import Connection, Database
from aelus.adapters.postgres.queries import load
from aelus.domain.graph import content_hash
from aelus.domain.pushes import FilePush, PushedFile, PushedState, folders_of
from aelus.domain.quotas import GIGABYTE, Quota, Quotas
from aelus.domain.repository import RepositoryId
from aelus.domain.source import SourceLimits
from aelus.domain.tenancy import TenantId
from aelus.ports.errors import Conflict, LimitExceeded, NotFound, QuotaExceeded


class PostgresPushedFiles:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def apply(
        self, tenant: TenantId, repository: RepositoryId, push: FilePush, *, limits: SourceLimits, most: Quotas | None = None
    ) -> bool:
        async with self._database.tenant(tenant, doing=f"taking files of repository {repository}") as connection:
            if not await connection.fetchval(load("pushes", "repository"), tenant, repository):
                raise NotFound(f"There is no repository {repository}.")
            before = await connection.fetchval(load("pushes", "begin"), tenant, repository, push.commit)
            removed = await connection.execute(load("pushes", "remove"), tenant, repository, list(push.deleted))
            contents = list(push.files.values())
            hashes = [content_hash(content) for content in contents]
            written = await connection.execute(load("pushes", "put"), tenant, repository, list(push.files), hashes, contents)
            await _refuse(connection, tenant, repository, push, limits)
            held = await connection.fetchval(load("pushes", "held"), tenant)
            if most is not None and held > most.storage_bytes:
                raise QuotaExceeded(Quota.STORAGE_GB, most.storage_gb, (held - sum(map(len, contents))) // GIGABYTE)
        return before != push.commit or (removed, written) != ("DELETE 0", "INSERT 0 0")

    async def state(self, tenant: TenantId, repository: RepositoryId) -> PushedState:
        async with self._database.tenant(tenant, readonly=True, doing="listing pushed files") as connection:
            commit = await connection.fetchval(load("pushes", "commit"), tenant, repository)
            rows = await connection.fetch(load("pushes", "list"), tenant, repository)
        files = {row["path"]: PushedFile(size_bytes=row["size_bytes"], blob_hash=row["blob_hash"]) for row in rows}
        return PushedState(commit=commit or "", files=files)

    async def read(self, tenant: TenantId, repository: RepositoryId, paths: Sequence[str]) -> Sequence[bytes | None]:
        async with self._database.tenant(tenant, readonly=True, doing="reading pushed files") as connection:
            rows = await connection.fetch(load("pushes", "read"), tenant, repository, list(paths))
        found = {row["path"]: row["content"] for row in rows}
        return [found.get(path) for path in paths]


async def _refuse(connection: Connection, tenant: TenantId, repository: RepositoryId, push: FilePush, limits: SourceLimits) -> None:
    """Raises what `apply` raises; the transaction ends with it."""
    folders = list({folder for path in push.files for folder in folders_of(path)})
    both = await connection.fetchval(load("pushes", "file_and_folder"), tenant, repository, folders, list(push.files))
    if both is not None:
        raise Conflict(f"{both!r} would be a file and a folder.", "Remove the file in the same push.")
    size = await connection.fetchrow(load("pushes", "size"), tenant, repository)
    if size is not None and (size["files"] > limits.max_files or size["bytes"] > limits.max_total_bytes):
        raise LimitExceeded(
            f"The repository would have more than {limits.max_files} files (max_files) or {limits.max_total_bytes} bytes "
            "(max_repository_bytes).",
            "Remove files, or raise the limit.",
        )
