"""Hand out the whole graph of a repository."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from aelus.application.find_repository import repository_named
from aelus.domain.graph import CodeNode, Edge
from aelus.domain.tenancy import TenantId
from aelus.ports.graph_store import GraphStore
from aelus.ports.repository_store import RepositoryStore


class ExportRepository:
    def __init__(self, *, graph: GraphStore, repositories: RepositoryStore) -> None:
        self._graph = graph
        self._repositories = repositories

    async def __call__(self, tenant: TenantId, name: str) -> AsyncGenerator[CodeNode | Edge, None]:
        """Every node, then every edge, of one consistent index, for whose connection it is closed. Raises NotFound, before the first."""
        repository = await repository_named(self._repositories, tenant, name)
        return self._graph.export(tenant, repository.id)
