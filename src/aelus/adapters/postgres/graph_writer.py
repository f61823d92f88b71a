"""Writing nodes and edges: what is stored for the changed files is compared with what it shall be, and only the difference is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from aelus.adapters.postgres.bulk import insert
from aelus.adapters.postgres.database import Connection
from aelus.adapters.postgres.queries import load
from aelus.adapters.postgres.rows import clean, edge_of, edge_row, node_of, node_row
from aelus.domain.graph import CodeNode, Edge
from aelus.ports.index_store import IndexChange

BATCH_ITEMS: Final = 20_000
"""Nodes and edges that are compared with what is stored at once: a file's are never the same as another file's."""


async def write_graph(
    connection: Connection, tenant: UUID, repository: UUID, change: IndexChange, before: Mapping[str, str]
) -> tuple[int, int]:
    """Bring nodes and edges of the changed files up to date; return how many rows of each that touched."""
    nodes = edges = 0
    for files in _batches(change):
        nodes += await _write_nodes(connection, tenant, repository, files, before)
        edges += await _write_edges(connection, tenant, repository, files, before)
    return nodes, edges


class _File(NamedTuple):
    """What shall be stored of a file; None is what has not changed."""

    path: str
    nodes: Sequence[CodeNode] | None
    edges: Sequence[Edge] | None


def _batches(change: IndexChange) -> Iterator[list[_File]]:
    """The removed files, which have nothing, and the changed ones."""
    batch, size = [_File(path, (), ()) for path in change.removed], 0
    for one in change.changed:
        batch.append(_File(one.state.path, one.nodes, one.edges))
        size += len(one.nodes or ()) + len(one.edges or ())
        if size >= BATCH_ITEMS:
            yield batch
            batch, size = [], 0
    yield batch


async def _write_nodes(connection: Connection, tenant: UUID, repository: UUID, files: Sequence[_File], before: Mapping[str, str]) -> int:
    wanted = {node.id: node for one in files for node in one.nodes or ()}
    touched = [one.path for one in files if one.nodes is not None and one.path in before]
    stored = {row["node_id"].hex: row for row in await _stored(connection, "nodes_of", tenant, repository, touched)}
    gone = [identifier for identifier in stored if identifier not in wanted]
    fresh = [node for node in wanted.values() if node.id not in stored or node_row(node) != node_row(node_of(stored[node.id]))]
    replaced = [node.id for node in fresh if node.id in stored]
    if gone or replaced:
        await connection.execute(load("index", "remove_nodes"), tenant, [*gone, *replaced])
    await insert(connection, "insert_nodes", tenant, repository, map(node_row, fresh))
    return len(gone) + len(fresh)


async def _write_edges(connection: Connection, tenant: UUID, repository: UUID, files: Sequence[_File], before: Mapping[str, str]) -> int:
    """Two edges of one kind, source, target, file and line are one."""
    wanted = _unique(edge for one in files for edge in one.edges or ())
    touched = [one.path for one in files if one.edges is not None and one.path in before]
    stored = _unique(map(edge_of, await _stored(connection, "edges_of", tenant, repository, touched)))
    gone = [edge for key, edge in stored.items() if wanted.get(key) != edge]
    fresh = [edge for key, edge in wanted.items() if stored.get(key) != edge]
    if gone:
        columns = [list(column) for column in zip(*[(e.src, e.kind.value, e.dst, clean(e.path), e.line) for e in gone], strict=True)]
        await connection.execute(load("index", "remove_edges"), tenant, *columns)
    await insert(connection, "insert_edges", tenant, repository, map(edge_row, fresh))
    return len({edge[:5] for edge in gone} | {edge[:5] for edge in fresh})


def _unique(edges: Iterable[Edge]) -> dict[tuple[Any, ...], Edge]:
    """By key; of equal keys the surest."""
    found: dict[tuple[Any, ...], Edge] = {}
    for edge in edges:
        known = found.get(edge[:5])
        if known is None or known.confidence < edge.confidence:
            found[edge[:5]] = edge
    return found


async def _stored(connection: Connection, query: str, tenant: UUID, repository: UUID, paths: Sequence[str]) -> Sequence[Any]:
    if not paths:
        return ()
    return list(await connection.fetch(load("index", query), tenant, repository, paths))
