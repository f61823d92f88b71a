"""The code graph in PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Sequence
from typing import Final
from uuid import UUID

from aelus.adapters.postgres.database import Database
from aelus.adapters.postgres.queries import load
from aelus.adapters.postgres.rows import Row, clean, edge_of, node_of
from aelus.domain.graph import CodeNode, Edge, EdgeKind, NodeId
from aelus.domain.path_pattern import path_expression
from aelus.domain.repository import RepositoryId
from aelus.domain.search import MOST_USES, Ties
from aelus.domain.symbol_names import distance, is_suffix, simple_name
from aelus.domain.tenancy import TenantId
from aelus.ports.graph_store import USES, Direction, StoredNode

NAMESAKES: Final = 5_000
"""Definitions of one simple name that are looked at for a qualified one."""
PAGE: Final = 2_000
_ID: Final = re.compile("[0-9a-f]{32}")


class PostgresGraphStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def nodes(self, tenant: TenantId, ids: Sequence[NodeId]) -> Sequence[StoredNode]:
        known = [identifier for identifier in ids if _is_id(identifier)]
        async with self._database.tenant(tenant, readonly=True, doing="reading nodes") as connection:
            rows = await connection.fetch(load("graph", "nodes"), tenant, known)
        found = {row["node_id"].hex: _stored(row) for row in rows}
        return [found[identifier] for identifier in ids if identifier in found]

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
        filters = (list(repositories), list(kinds), NAMESAKES, list(languages), path_expression(clean(path)))
        key = clean(simple_name(name).lower()[:200])
        async with self._database.tenant(tenant, readonly=True, doing="finding definitions") as connection:
            rows = await connection.fetch(load("graph", "find"), tenant, key, *filters)
        found = [_stored(row) for row in rows if is_suffix(name, row["qualified_name"])]
        return sorted(found, key=lambda stored: distance(name, stored.node.qualified_name))[:limit]

    async def edges(
        self,
        tenant: TenantId,
        nodes: Sequence[NodeId],
        *,
        kinds: Sequence[EdgeKind] = (),
        direction: Direction = Direction.OUT,
        limit: int = 1000,
    ) -> Sequence[Edge]:
        query = load("graph", f"edges_{direction.value}")
        known = [identifier for identifier in nodes if _is_id(identifier)]
        async with self._database.tenant(tenant, readonly=True, doing="reading edges") as connection:
            rows = await connection.fetch(query, tenant, known, [kind.value for kind in kinds], limit)
        return [edge_of(row) for row in rows]

    async def ties(self, tenant: TenantId, nodes: Sequence[NodeId]) -> Ties:
        known = [identifier for identifier in nodes if _is_id(identifier)]
        async with self._database.tenant(tenant, readonly=True, doing="weighing nodes") as connection:
            rows = await connection.fetch(load("graph", "ties"), tenant, known, [kind.value for kind in USES], MOST_USES)
        return Ties(
            uses={row["dst"].hex: row["uses"] for row in rows if row["src"] is None},
            calls=tuple(sorted((row["src"].hex, row["dst"].hex) for row in rows if row["src"] is not None)),
        )

    async def export(self, tenant: TenantId, repository: RepositoryId) -> AsyncGenerator[CodeNode | Edge, None]:
        async with self._database.tenant(tenant, readonly=True, doing="exporting a repository") as connection:
            async for row in connection.cursor(load("graph", "export_nodes"), tenant, repository, prefetch=PAGE):
                yield node_of(row)
            async for row in connection.cursor(load("graph", "export_edges"), tenant, repository, prefetch=PAGE):
                yield edge_of(row)


def _stored(row: Row) -> StoredNode:
    return StoredNode(repository_id=UUID(bytes=row["repository_id"].bytes), node=node_of(row))


def _is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None
