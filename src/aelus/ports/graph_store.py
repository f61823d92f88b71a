"""Reading the code graph. It is written through `IndexStore`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from aelus.domain.graph import CodeNode, Edge, EdgeKind, NodeId
from aelus.domain.repository import RepositoryId
from aelus.domain.search import Ties
from aelus.domain.tenancy import TenantId

USES = (EdgeKind.CALLS, EdgeKind.INSTANTIATES, EdgeKind.REFERENCES, EdgeKind.INHERITS)
"""Edges that count as uses of the node that they reach."""


class Direction(StrEnum):
    OUT = "out"
    IN = "in"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredNode:
    """A node and the repository that it lies in."""

    repository_id: RepositoryId
    node: CodeNode


class GraphStore(Protocol):
    async def nodes(self, tenant: TenantId, ids: Sequence[NodeId]) -> Sequence[StoredNode]:
        """The nodes that exist, in the order asked."""
        ...

    async def find(
        self,
        tenant: TenantId,
        name: str,
        *,
        repositories: Sequence[RepositoryId] = (),
        kinds: Sequence[str] = (),
        languages: Sequence[str] = (),
        path: str = "",
        limit: int = 100,
    ) -> Sequence[StoredNode]:
        """Definitions called `name`: by qualified name, by its last parts (`Class.method`), or by simple name; the closest match first.

        `path` is a glob or a part of the path, as in `SearchFilter`.
        """
        ...

    async def edges(
        self,
        tenant: TenantId,
        nodes: Sequence[NodeId],
        *,
        kinds: Sequence[EdgeKind] = (),
        direction: Direction = Direction.OUT,
        limit: int = 1000,
    ) -> Sequence[Edge]:
        """Edges that leave (`OUT`) or reach (`IN`) any of the nodes; all kinds when none is named. Ordered by path, line, kind."""
        ...

    async def ties(self, tenant: TenantId, nodes: Sequence[NodeId]) -> Ties:
        """How much each of the nodes is used, by any node, and who of them calls whom."""
        ...

    def export(self, tenant: TenantId, repository: RepositoryId) -> AsyncGenerator[CodeNode | Edge, None]:
        """Every node, then every edge, of one consistent index.

        Nodes are ordered by path and first byte, edges by path, line, kind, src, dst.
        """
        ...
