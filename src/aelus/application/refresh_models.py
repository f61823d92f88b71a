"""Have indexes whose vectors are of another model made anew, in the background."""

from __future__ import annotations

from aelus.application.list_repositories import ListRepositories
from aelus.application.request_ingestion import RequestIngestion
from aelus.domain.tenancy import living
from aelus.ports.embedders import Embedders
from aelus.ports.repository_store import RepositoryStore
from aelus.ports.tenant_store import TenantStore


class RefreshModels:
    """For the start of a worker: until a job is done, the old vectors answer questions."""

    def __init__(self, *, tenants: TenantStore, repositories: RepositoryStore, request: RequestIngestion, embedders: Embedders) -> None:
        self._tenants = tenants
        self._repositories = repositories
        self._request = request
        self._embedders = embedders

    async def __call__(self) -> int:
        """Ask for each repository that has an index of another model; returns how many. Raises Unavailable."""
        count = 0
        for tenant in living(await self._tenants.list()):
            known = await ListRepositories(repositories=self._repositories).all(tenant.id)
            for stamp in await self._repositories.stamps(tenant.id, [one.id for one in known]) if known else ():
                if stamp.model not in ("", self._embedders.current.model):
                    await self._request(tenant.id, stamp.repository_id)
                    count += 1
        return count
