"""Repositories in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from aelus.adapters.postgres.database import Database
from aelus.adapters.postgres.queries import load
from aelus.adapters.postgres.quota_store import holdings
from aelus.adapters.postgres.rows import repository_of, skipped_of
from aelus.adapters.postgres.vectors import drop_vectors
from aelus.domain.quotas import Quota
from aelus.domain.repository import IndexStamp, Repository, RepositoryId
from aelus.domain.source import SkippedFile
from aelus.domain.tenancy import TenantId, whole
from aelus.ports.errors import NotFound, QuotaExceeded

ROWS: Final = ("nodes", "edges", "chunks", "codes", "postings")
"""Tables that no foreign key empties."""


class PostgresRepositoryStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, tenant: TenantId, repository: Repository, *, most: int | None = None) -> None:
        one = repository
        async with self._database.tenant(tenant, doing=f"adding repository {one.name!r}") as connection:
            values = (one.name, one.location, one.branch, one.kind.value, one.created_at, list(one.file_patterns), one.branch_of)
            await connection.execute(load("repositories", "add"), tenant, one.id, *values)
            held = (await holdings(connection, tenant)).repositories
            if most is not None and held > most:
                raise QuotaExceeded(Quota.REPOSITORIES, most, held - 1)

    async def get(self, tenant: TenantId, repository: RepositoryId) -> Repository:
        async with self._database.tenant(tenant, readonly=True, doing="reading a repository") as connection:
            row = await connection.fetchrow(load("repositories", "get"), tenant, repository)
        if row is None:
            raise _missing(repository)
        return repository_of(row)

    async def owner(self, repository: RepositoryId) -> TenantId | None:
        async with self._database.operator(doing="finding the owner of a repository") as connection:
            found = await connection.fetchval(load("repositories", "owner"), repository)
        return None if found is None else UUID(bytes=found.bytes)

    async def find(self, tenant: TenantId, name: str) -> Repository | None:
        async with self._database.tenant(tenant, readonly=True, doing="finding a repository") as connection:
            row = await connection.fetchrow(load("repositories", "find"), tenant, name)
        return repository_of(row) if row else None

    async def list(self, tenant: TenantId, *, after: str = "", limit: int = 100) -> Sequence[Repository]:
        async with self._database.tenant(tenant, readonly=True, doing="listing repositories") as connection:
            rows = await connection.fetch(load("repositories", "list"), tenant, after, limit)
        return [repository_of(row) for row in rows]

    async def branches(self, tenant: TenantId, repository: RepositoryId) -> Sequence[Repository]:
        async with self._database.tenant(tenant, readonly=True, doing="listing branches") as connection:
            return [repository_of(row) for row in await connection.fetch(load("repositories", "branches"), tenant, repository)]

    async def skipped(self, tenant: TenantId, repository: RepositoryId) -> Sequence[SkippedFile]:
        async with self._database.tenant(tenant, readonly=True, doing="reading what was left out") as connection:
            row = await connection.fetchrow(load("repositories", "skipped"), tenant, repository)
        if row is None:
            raise _missing(repository)
        return skipped_of(row["skipped"])

    async def stamps(self, tenant: TenantId, repositories: Sequence[RepositoryId] = ()) -> Sequence[IndexStamp]:
        async with self._database.tenant(tenant, readonly=True, doing="reading the state of indexes") as connection:
            rows = await connection.fetch(load("repositories", "stamps"), tenant, list(repositories))
        return [
            IndexStamp(repository_id=UUID(bytes=row["repository_id"].bytes), name=row["name"], version=row["version"], model=row["model"])
            for row in rows
        ]

    async def update(self, tenant: TenantId, repository: Repository) -> None:
        one = repository
        async with self._database.tenant(tenant, doing=f"changing repository {one.name!r}") as connection:
            status = await connection.execute(
                load("repositories", "update"), tenant, one.id, one.name, one.location, one.branch, one.kind.value, list(one.file_patterns)
            )
        if status == "UPDATE 0":
            raise _missing(one.id)

    async def remove(self, tenant: TenantId, repository: RepositoryId) -> None:
        await self.get(tenant, repository)
        async with self._database.tenant(whole(tenant), doing="removing a repository") as connection:
            removed = await connection.fetch(load("repositories", "remove"), tenant, repository)
            if not removed:
                raise _missing(repository)
            if not any(row["version"] for row in removed):
                return  # It was never written: what a run has paid for waits for the next one.
            for row in removed:
                for rows in ROWS:
                    await connection.execute(load("repositories", f"remove_{rows}"), tenant, row["repository_id"])
            await connection.execute(load("repositories", "drop_unused_facts"), tenant)
            await drop_vectors(connection, tenant, await connection.fetch(load("repositories", "unused_vectors"), tenant))


def _missing(repository: RepositoryId) -> NotFound:
    return NotFound(f"There is no repository {repository}.")
