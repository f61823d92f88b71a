"""Index what lies at a path or an address, known or not."""

from __future__ import annotations

from aelus.application.index_repository import IndexRepository
from aelus.application.progress import Report, ignore
from aelus.application.register_repository import RegisterRepository
from aelus.application.reports import IndexReport
from aelus.domain.jobs import Trial
from aelus.domain.repository import Repository
from aelus.domain.tenancy import TenantId
from aelus.ports.repository_store import RepositoryStore


class IndexLocation:
    """Registers a location when it is new, and indexes it. A new one that cannot be indexed is forgotten again."""

    def __init__(self, *, register: RegisterRepository, index: IndexRepository, repositories: RepositoryStore) -> None:
        self._register = register
        self._index = index
        self._repositories = repositories

    async def __call__(
        self, tenant: TenantId, location: str, *, name: str = "", branch: str = "", report: Report = ignore, dry_run: bool = False
    ) -> IndexReport:
        """Index a location (an absolute path or a URL), or only say what that would do. Raises as the use cases behind it."""
        repository, new = await self._register.find_or_add(tenant, location, name=name, branch=branch)
        try:
            return await self._index(tenant, repository.id, report=report, trial=Trial() if dry_run else None)
        finally:
            if new:
                await self._forget_unindexed(tenant, repository)

    async def _forget_unindexed(self, tenant: TenantId, repository: Repository) -> None:
        current = await self._repositories.get(tenant, repository.id)
        if current.index is None:
            await self._repositories.remove(tenant, repository.id)
