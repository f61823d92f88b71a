"""Walk the graph from a node, breadth first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aelus.application.read_freshness import ReadFreshness
from aelus.domain.graph import Edge, EdgeKind, NodeId
from aelus.domain.tenancy import TenantId
from aelus.ports.errors import InvalidRequest, NotFound
from aelus.ports.graph_store import Direction, GraphStore, StoredNode

MAX_DEPTH = 10
MAX_NODES = 2000
EDGES_PER_STEP = 5000
MAX_EDGES = 10_000
"""Of the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subgraph:
    nodes: tuple[StoredNode, ...]
    """The start first, then in the order they were reached."""
    edges: tuple[Edge, ...]
    """Those walked whose ends are both among the nodes."""
    truncated: bool
    """Whether a limit cut it off before its depth was reached."""


class TraverseGraph:
    def __init__(self, *, graph: GraphStore, freshness: ReadFreshness) -> None:
        self._graph = graph
        self._freshness = freshness

    async def __call__(
        self,
        tenant: TenantId,
        start: NodeId,
        *,
        kinds: Sequence[EdgeKind] = (),
        direction: Direction = Direction.OUT,
        max_depth: int = 1,
        limit: int = 200,
    ) -> Subgraph:
        """What can be reached from `start` in at most `max_depth` (1 to 10) steps, at most `limit` (1 to 2000) nodes.

        Raises InvalidRequest for figures out of range, NotFound for an unknown start.
        """
        _check(max_depth, limit)
        known = await self._graph.nodes(tenant, [start])
        if not known:
            raise NotFound(f"There is no node {start!r}.", "Its file may have changed since; search for it again.")

        async def read() -> Subgraph:
            return await self._walk(tenant, Walk(start=start, limit=limit), kinds, direction, max_depth)

        return await self._freshness.settled(tenant, (known[0].repository_id,), read)

    async def _walk(self, tenant: TenantId, walk: Walk, kinds: Sequence[EdgeKind], direction: Direction, max_depth: int) -> Subgraph:
        for _ in range(max_depth):
            frontier = walk.frontier
            if not frontier:
                break
            edges = await self._graph.edges(tenant, frontier, kinds=kinds, direction=direction, limit=EDGES_PER_STEP + 1)
            walk.advance(edges, direction)
        nodes = await self._graph.nodes(tenant, list(walk.reached))
        known = {node.node.id for node in nodes}
        return Subgraph(
            nodes=tuple(nodes),
            edges=tuple(edge for edge in walk.edges if edge.src in known and edge.dst in known),
            truncated=walk.truncated,
        )


class Walk:
    """The state of one traversal."""

    def __init__(self, *, start: NodeId, limit: int) -> None:
        self._limit = limit
        self.reached: dict[NodeId, None] = {start: None}
        self.frontier: list[NodeId] = [start]
        self.edges: dict[Edge, None] = {}
        self.truncated = False

    def advance(self, edges: Sequence[Edge], direction: Direction) -> None:
        frontier: list[NodeId] = []
        room = min(EDGES_PER_STEP, MAX_EDGES - len(self.edges))
        self.truncated |= len(edges) > room
        for edge in edges[:room]:
            self.edges[edge] = None
            frontier.extend(node for node in self._ends(edge, direction) if self._reach(node))
        self.frontier = frontier

    def _reach(self, node: NodeId) -> bool:
        """Whether the node is new and there is room for it."""
        if node in self.reached:
            return False
        if len(self.reached) >= self._limit:
            self.truncated = True
            return False
        self.reached[node] = None
        return True

    @staticmethod
    def _ends(edge: Edge, direction: Direction) -> tuple[NodeId, ...]:
        return {Direction.OUT: (edge.dst,), Direction.IN: (edge.src,), Direction.BOTH: (edge.src, edge.dst)}[direction]


def _check(max_depth: int, limit: int) -> None:
    if not 1 <= max_depth <= MAX_DEPTH:
        raise InvalidRequest(f"A depth of {max_depth} cannot be walked.", f"Ask for 1 to {MAX_DEPTH}.")
    if not 1 <= limit <= MAX_NODES:
        raise InvalidRequest(f"{limit} nodes cannot be asked for.", f"Ask for 1 to {MAX_NODES}.")
