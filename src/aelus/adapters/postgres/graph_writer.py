"""Writing nodes and edges: what is stored for the changed files is compared with what it shall be, and only the difference is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from aelus.adapters.postgres.bulk import insert
from aelus.adapters.postgres.database import Connection
from aelus.adapters.postgres.queries import load
from aelus.adapters.postgres.rows import clean, edge_of, edge_row, node_of, node_row
from aelus.domain.graph import Edge
from aelus.ports.index_store import FileChange, IndexChange


async def write_nodes(connection: Connection, tenant: UUID, repository: UUID, change: IndexChange, before: Mapping[str, str]) -> int:
    """Bring the nodes of the changed files up to date; return how many rows that touched."""
    wanted = {node.id: node for one in change.changed for node in one.nodes or ()}
    rows = await _stored(connection, "nodes_of", tenant, repository, _touched(change, before, lambda one: one.nodes))
    stored = {row["node_id"].hex: row for row in rows}
    gone = [identifier for identifier in stored if identifier not in wanted]
    fresh = [node for node in wanted.values() if node.id not in stored or node_row(node) != node_row(node_of(stored[node.id]))]
    replaced = [node.id for node in fresh if node.id in stored]
    if gone or replaced:
        await connection.execute(load("index", "remove_nodes"), tenant, [*gone, *replaced])
    await insert(connection, "insert_nodes", tenant, repository, [node_row(node) for node in fresh])
    return len(gone) + len(fresh)


async def write_edges(connection: Connection, tenant: UUID, repository: UUID, change: IndexChange, before: Mapping[str, str]) -> int:
    """The same for edges; two of one kind, source, target, file and line are one."""
    wanted = _unique(edge for one in change.changed for edge in one.edges or ())
    rows = await _stored(connection, "edges_of", tenant, repository, _touched(change, before, lambda one: one.edges))
    stored = _unique(map(edge_of, rows))
    gone = [edge for key, edge in stored.items() if wanted.get(key) != edge]
    fresh = [edge for key, edge in wanted.items() if stored.get(key) != edge]
    if gone:
        columns = [list(column) for column in zip(*[(e.src, e.kind.value, e.dst, clean(e.path), e.line) for e in gone], strict=True)]
        await connection.execute(load("index", "remove_edges"), tenant, *columns)
    await insert(connection, "insert_edges", tenant, repository, [edge_row(edge) for edge in fresh])
    return len({edge[:5] for edge in gone} | {edge[:5] for edge in fresh})


def _unique(edges: Iterable[Edge]) -> dict[tuple[Any, ...], Edge]:
    """By key; of equal keys the surest."""
    found: dict[tuple[Any, ...], Edge] = {}
    for edge in edges:
        known = found.get(edge[:5])
        if known is None or known.confidence < edge.confidence:
            found[edge[:5]] = edge
    return found


def _touched(change: IndexChange, before: Mapping[str, str], part: Callable[[FileChange], object]) -> list[str]:
    """Files whose rows must be looked at: those that were there and are gone, or have this part anew."""
    changed = [one.state.path for one in change.changed if part(one) is not None]
    return [path for path in (*change.removed, *changed) if path in before]


async def _stored(connection: Connection, query: str, tenant: UUID, repository: UUID, paths: Sequence[str]) -> Sequence[Any]:
    if not paths:
        return ()
    return list(await connection.fetch(load("index", query), tenant, repository, paths))
