"""One repository, by its id or its name."""

from __future__ import annotations

from aelus.application.find_repository import repository_named
from aelus.domain.repository import Repository, RepositoryId
from aelus.domain.tenancy import TenantId
from aelus.ports.repository_store import RepositoryStore


class GetRepository:
    def __init__(self, *, repositories: RepositoryStore) -> None:
        self._repositories = repositories

    async def __call__(self, tenant: TenantId, repository: RepositoryId | str) -> Repository:
        """Raises NotFound, for a name with those that come closest."""
        if isinstance(repository, str):
            return await repository_named(self._repositories, tenant, repository)
        return await self._repositories.get(tenant, repository)
