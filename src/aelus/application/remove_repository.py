"""Forget a repository and all that was indexed from it."""

from __future__ import annotations

from aelus.domain.repository import RepositoryId
from aelus.domain.tenancy import TenantId
from aelus.ports.repository_store import RepositoryStore


class RemoveRepository:
    def __init__(self, *, repositories: RepositoryStore) -> None:
        self._repositories = repositories

    async def __call__(self, tenant: TenantId, repository_id: RepositoryId) -> None:
        """Remove it. Its source is not touched. Raises NotFound."""
        await self._repositories.remove(tenant, repository_id)
