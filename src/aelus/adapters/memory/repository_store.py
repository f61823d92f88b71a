"""Repositories in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aelus.adapters.memory.state import MemoryDatabase
from aelus.domain.quotas import Quota
from aelus.domain.repository import IndexStamp, Repository, RepositoryId
from aelus.domain.source import SkippedFile
from aelus.domain.tenancy import TenantId, living, whole
from aelus.ports.errors import Conflict, NotFound, QuotaExceeded


class MemoryRepositoryStore:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def add(self, tenant: TenantId, repository: Repository, *, most: int | None = None) -> None:
        data = self._database.of(tenant)
        if repository.id in data.repositories or await self.find(whole(tenant), repository.name):
            raise Conflict(f"There is a repository {repository.name!r} already.", "Take another name.")
        held = self._database.of(whole(tenant)).holdings().repositories
        if most is not None and held >= most:
            raise QuotaExceeded(Quota.REPOSITORIES, most, held)
        data.repositories[repository.id] = repository

    async def get(self, tenant: TenantId, repository: RepositoryId) -> Repository:
        found = self._database.of(tenant).repositories.get(repository)
        if found is None:
            raise NotFound(f"There is no repository {repository}.")
        return found

    async def owner(self, repository: RepositoryId) -> TenantId | None:
        living_ids = (tenant.id for tenant in living(self._database.tenants.values()))
        return next((tenant for tenant in living_ids if repository in self._database.of(tenant).repositories), None)

    async def find(self, tenant: TenantId, name: str) -> Repository | None:
        return next((one for one in self._database.of(tenant).repositories.values() if one.name == name), None)

    async def list(self, tenant: TenantId, *, after: str = "", limit: int = 100) -> Sequence[Repository]:
        found = sorted(self._database.of(tenant).repositories.values(), key=lambda one: one.name)
        return [one for one in found if one.name > after][:limit]

    async def branches(self, tenant: TenantId, repository: RepositoryId) -> Sequence[Repository]:
        found = [one for one in self._database.of(tenant).repositories.values() if one.branch_of == repository]
        return sorted(found, key=lambda one: one.name)

    async def skipped(self, tenant: TenantId, repository: RepositoryId) -> Sequence[SkippedFile]:
        await self.get(tenant, repository)
        index = self._database.of(tenant).indexes.get(repository)
        return index.skipped if index else ()

    async def stamps(self, tenant: TenantId, repositories: Sequence[RepositoryId] = ()) -> Sequence[IndexStamp]:
        data = self._database.of(tenant)
        found = [one for one in data.repositories.values() if data.is_meant(one.id, repositories)]
        return [
            IndexStamp(
                repository_id=one.id,
                name=one.name,
                version=one.index.version if one.index else 0,
                model=data.indexes[one.id].model if one.id in data.indexes else "",
            )
            for one in sorted(found, key=lambda one: one.id)
        ]

    async def update(self, tenant: TenantId, repository: Repository) -> None:
        known = await self.get(tenant, repository.id)
        same_name = await self.find(whole(tenant), repository.name)
        if same_name is not None and same_name.id != repository.id:
            raise Conflict(f"There is a repository {repository.name!r} already.", "Take another name.")
        changed = replace(known, name=repository.name, location=repository.location, branch=repository.branch, kind=repository.kind)
        changed = replace(changed, file_patterns=repository.file_patterns)
        self._database.of(tenant).repositories[repository.id] = changed

    async def remove(self, tenant: TenantId, repository: RepositoryId) -> None:
        known = await self.get(tenant, repository)
        for branch in await self.branches(whole(tenant), repository):
            await self.remove(whole(tenant), branch.id)
        data = self._database.of(whole(tenant))
        del data.repositories[repository]
        data.indexes.pop(repository, None)
        if known.index is not None:
            data.drop_unused()
        data.jobs = {key: job for key, job in data.jobs.items() if job.repository_id != repository}
        data.shards = {key: entry for key, entry in data.shards.items() if key[0] in data.jobs}
        data.secrets = {key: secret for key, secret in data.secrets.items() if key[0] != repository}
        data.deliveries = {key: moment for key, moment in data.deliveries.items() if key[0] != repository}
        data.pushed.pop(repository, None)
        data.grants = {grantee: granted - {repository} for grantee, granted in data.grants.items()}
