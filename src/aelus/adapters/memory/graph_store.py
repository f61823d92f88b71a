"""The code graph in memory."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Iterator, Sequence

from aelus.adapters.memory.state import FileIndex, MemoryDatabase, RepositoryIndex
from aelus.domain.graph import CodeNode, Edge, EdgeKind, NodeId
from aelus.domain.path_pattern import path_matcher
from aelus.domain.repository import RepositoryId
from aelus.domain.search import MOST_USES, Ties
from aelus.domain.symbol_names import distance, is_suffix
from aelus.domain.tenancy import TenantId
from aelus.ports.graph_store import USES, Direction, StoredNode


class MemoryGraphStore:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._arranged: dict[tuple[TenantId, RepositoryId], _Arranged] = {}

    def _files(self, tenant: TenantId) -> Iterator[tuple[RepositoryId, FileIndex]]:
        for repository, index in self._database.of(tenant).indexes.items():
            for file in index.files.values():
                yield repository, file

    async def nodes(self, tenant: TenantId, ids: Sequence[NodeId]) -> Sequence[StoredNode]:
        wanted = set(ids)
        found = {
            node.id: StoredNode(repository_id=repository, node=node)
            for repository, file in self._files(tenant)
            for node in file.nodes
            if node.id in wanted
        }
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
        within = path_matcher(path)
        found = [
            (distance(name, node.qualified_name), node.path, node.start_byte, node.id, StoredNode(repository_id=repository, node=node))
            for repository, file in self._files(tenant)
            if self._database.of(tenant).is_meant(repository, repositories)
            for node in file.nodes
            if is_suffix(name, node.qualified_name) and (not kinds or node.kind in kinds)
            if (not languages or node.language in languages) and within.search(node.path)
        ]
        return [entry[4] for entry in sorted(found, key=lambda entry: entry[:4])[:limit]]

    async def edges(
        self,
        tenant: TenantId,
        nodes: Sequence[NodeId],
        *,
        kinds: Sequence[EdgeKind] = (),
        direction: Direction = Direction.OUT,
        limit: int = 1000,
    ) -> Sequence[Edge]:
        wanted = set(nodes)
        found = (
            edge
            for _, file in self._files(tenant)
            for edge in file.edges
            if (not kinds or edge.kind in kinds) and _touches(edge, wanted, direction)
        )
        return sorted(found, key=lambda edge: (edge.path, edge.line, edge.kind, edge.src, edge.dst))[:limit]

    async def ties(self, tenant: TenantId, nodes: Sequence[NodeId]) -> Ties:
        asked, uses, calls = set(nodes), dict[NodeId, int](), set[tuple[NodeId, NodeId]]()
        for repository, index in self._database.of(tenant).indexes.items():
            arranged = self._arranged.get((tenant, repository))
            if arranged is None or arranged.index is not index:
                self._forget_removed()
                arranged = self._arranged[tenant, repository] = _Arranged(index)
            for node in asked:
                uses[node] = uses.get(node, 0) + arranged.uses[node]
                calls |= {(node, callee) for callee in arranged.callees.get(node, ()) if callee in asked}
        return Ties(uses={node: min(count, MOST_USES) for node, count in uses.items() if count}, calls=tuple(sorted(calls)))

    def _forget_removed(self) -> None:
        self._arranged = {key: one for key, one in self._arranged.items() if key[1] in self._database.of(key[0]).indexes}

    async def export(self, tenant: TenantId, repository: RepositoryId) -> AsyncGenerator[CodeNode | Edge, None]:
        index = self._database.of(tenant).indexes.get(repository)
        files = list(index.files.values()) if index else []
        for node in sorted((node for file in files for node in file.nodes), key=lambda node: (node.path, node.start_byte, node.id)):
            yield node
        for edge in sorted((edge for file in files for edge in file.edges), key=lambda e: (e.path, e.line, e.kind, e.src, e.dst)):
            yield edge


class _Arranged:
    """Edges of one index, counted."""

    def __init__(self, index: RepositoryIndex) -> None:
        self.index = index
        self.uses: Counter[NodeId] = Counter()
        self.callees: dict[NodeId, set[NodeId]] = defaultdict(set)
        for edge in (edge for file in index.files.values() for edge in file.edges):
            if edge.kind in USES:
                self.uses[edge.dst] += 1
            if edge.kind is EdgeKind.CALLS:
                self.callees[edge.src].add(edge.dst)


def _touches(edge: Edge, nodes: set[NodeId], direction: Direction) -> bool:
    leaves = direction is not Direction.IN and edge.src in nodes
    return leaves or (direction is not Direction.OUT and edge.dst in nodes)
