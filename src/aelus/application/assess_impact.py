"""What a change of a definition can reach: everything that depends on it, directly or by way of others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from aelus.application.find_calls import CALLABLE_KINDS, FindCalls, check_symbol
from aelus.application.read_freshness import ReadFreshness
from aelus.domain.graph import Edge, EdgeKind, NodeId, NodeKind
from aelus.domain.repository import RepositoryId
from aelus.domain.tenancy import TenantId
from aelus.ports.errors import InvalidRequest
from aelus.ports.graph_store import Direction, GraphStore, StoredNode

MAX_DEPTH: Final = 8
MAX_REACHED: Final = 500
MAX_EDGES: Final = 5_000
"""Of one step."""
MAX_DEFINITIONS: Final = 5
MEMBER_DEPTH: Final = 2
"""Members of a class, and of the classes in it, are part of what changes."""
SURE: Final = 0.8
"""Confidence of a way, above which it is taken for certain."""

DEPENDS: Final = (
    EdgeKind.CALLS,
    EdgeKind.DISPATCHES,
    EdgeKind.INSTANTIATES,
    EdgeKind.INHERITS,
    EdgeKind.IMPLEMENTS,
    EdgeKind.OVERRIDES,
    EdgeKind.REFERENCES,
    EdgeKind.TYPE_OF,
    EdgeKind.RETURNS,
    EdgeKind.IMPORTS,
)
ENDS: Final = frozenset((NodeKind.MODULE, NodeKind.FILE, NodeKind.PACKAGE, NodeKind.NAMESPACE))
"""Whole files depend on what they import; what depends on such a file need not."""


BY_NAME: Final = frozenset((NodeKind.FUNCTION, NodeKind.CLASS, NodeKind.STRUCT, NodeKind.ENUM))
"""Kinds that are reached by their names, not by way of a receiver."""
SCOPES: Final = frozenset((NodeKind.FUNCTION, NodeKind.METHOD, NodeKind.CONSTRUCTOR))
"""What is defined in one of these is known in it only."""
WITHOUT_EDGE: Final = "calls on receivers of unknown type, and from code that is not indexed, leave no edge"
FOLLOWED_IN_PART: Final = "calls that can reach very much are followed in part, some of their edges may be missing"


class Verdict(StrEnum):
    """Whether anything depends on it."""

    YES = "yes"
    NO = "no"
    """Nothing else can name it, and nothing that can does."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependant:
    node: StoredNode
    depth: int
    """Steps from what changes; 1 for what names it itself."""
    edge: Edge
    """The last step of the surest way: its site, kind and origin."""
    confidence: float
    """Of the whole way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    definitions: tuple[StoredNode, ...]
    """What the name may mean; all of them are taken to change."""
    dependants: tuple[Dependant, ...]
    """Nearest first, then the surest."""
    verdict: Verdict
    bounds: tuple[str, ...]
    """Why there may be more than is shown; empty when the answer is complete."""


@dataclass(slots=True)
class _Walk:
    """The state of one breadth-first walk against the edges."""

    limit: int
    starts: frozenset[NodeId]
    reached: dict[NodeId, tuple[int, Edge, float]] = field(default_factory=dict)
    bounds: list[str] = field(default_factory=list)

    def confidence(self, node: NodeId) -> float:
        return self.reached[node][2] if node in self.reached else 1.0

    def step(self, edges: Sequence[Edge], depth: int) -> list[NodeId]:
        """Take in the sources of the edges; returns the new ones."""
        fresh: dict[NodeId, tuple[int, Edge, float]] = {}
        for edge in edges:
            value = self.confidence(edge.dst) * edge.confidence
            if edge.src in self.starts or edge.src in self.reached or value <= fresh.get(edge.src, (0, edge, 0.0))[2]:
                continue
            fresh[edge.src] = (depth, edge, value)
        best = sorted(fresh, key=lambda node: (-fresh[node][2], node))
        room = self.limit - len(self.reached)
        if len(best) > room:
            self.bounds.append(f"more than {self.limit} dependants: only the nearest are shown")
        self.reached.update({node: fresh[node] for node in best[:room]})
        return best[:room]


class AssessImpact:
    def __init__(self, *, graph: GraphStore, callers: FindCalls, freshness: ReadFreshness) -> None:
        self._graph = graph
        self._callers = callers
        self._freshness = freshness

    async def __call__(
        self, tenant: TenantId, name: str, *, repositories: Sequence[RepositoryId] = (), max_depth: int = 3, limit: int = 100
    ) -> Impact:
        """What depends on the definitions that `name` may mean, at most `max_depth` (1 to 8) steps and `limit` (1 to 500) dependants.

        Raises:
            InvalidRequest: the name is empty or too long, or a figure is out of range.
            NotFound: no definition has this name; says which come closest.
        """
        _check(name, max_depth, limit)

        async def read() -> Impact:
            return await self._assess(tenant, name, repositories, max_depth, limit)

        return await self._freshness.settled(tenant, repositories, read)

    async def _assess(self, tenant: TenantId, name: str, repositories: Sequence[RepositoryId], max_depth: int, limit: int) -> Impact:
        found = await self._graph.find(tenant, name, repositories=repositories, kinds=CALLABLE_KINDS, limit=MAX_DEFINITIONS + 1)
        if not found:
            await self._callers(tenant, name, repositories=repositories, limit=1)
        definitions = tuple(found[:MAX_DEFINITIONS])
        bounds = [f"more than {MAX_DEFINITIONS} definitions have this name: give its qualified name"] if found[MAX_DEFINITIONS:] else []
        starts = await self._with_members(tenant, [stored.node.id for stored in definitions], bounds)
        walk = _Walk(limit=limit, starts=frozenset(starts))
        await self._walk(tenant, walk, starts, max_depth)
        dependants = await self._dependants(tenant, walk)
        bounds += walk.bounds + await self._gaps(tenant, found)
        if not await self._confined(tenant, definitions, starts):
            bounds.append(WITHOUT_EDGE)
        verdict = _verdict(dependants, bounds)
        return Impact(definitions=definitions, dependants=dependants, verdict=verdict, bounds=tuple(dict.fromkeys(bounds)))

    async def _with_members(self, tenant: TenantId, starts: Sequence[NodeId], bounds: list[str]) -> list[NodeId]:
        known, frontier = dict.fromkeys(starts), list(starts)
        for _ in range(MEMBER_DEPTH):
            edges = await self._graph.edges(tenant, frontier, kinds=[EdgeKind.DEFINES], direction=Direction.OUT, limit=MAX_EDGES + 1)
            if len(edges) > MAX_EDGES:
                bounds.append(f"more than {MAX_EDGES} members: the uses of some were not followed")
            frontier = [edge.dst for edge in edges[:MAX_EDGES] if edge.dst not in known]
            known.update(dict.fromkeys(frontier))
        return list(known)

    async def _confined(self, tenant: TenantId, definitions: Sequence[StoredNode], starts: Sequence[NodeId]) -> bool:
        """Whether every use of what changes would have left an edge: it is private or local, and reached by name only.

        A method may be called on a receiver whose type is not known, and a decorator may hand out what it decorates.
        """
        changing = await self._graph.nodes(tenant, starts)
        if any(one.node.kind not in BY_NAME or one.node.decorators for one in changing):
            return False
        exposed = [stored.node.id for stored in definitions if stored.node.visibility != "private"]
        around = await self._graph.edges(tenant, exposed, kinds=[EdgeKind.DEFINES], direction=Direction.IN, limit=MAX_EDGES)
        scopes = {one.node.id for one in await self._graph.nodes(tenant, [edge.src for edge in around]) if one.node.kind in SCOPES}
        return set(exposed) <= {edge.dst for edge in around if edge.src in scopes}

    async def _walk(self, tenant: TenantId, walk: _Walk, starts: Sequence[NodeId], max_depth: int) -> None:
        frontier = list(starts)
        for depth in range(1, max_depth + 1):
            fresh = walk.step(await self._edges(tenant, walk, frontier), depth)
            nodes = await self._graph.nodes(tenant, fresh)
            frontier = [stored.node.id for stored in nodes if stored.node.kind not in ENDS]
            if not frontier or walk.bounds:
                return
        beyond = await self._edges(tenant, walk, frontier)
        if any(edge.src not in walk.reached and edge.src not in walk.starts for edge in beyond):
            walk.bounds.append(f"{max_depth} steps were followed: more depend on these")

    async def _edges(self, tenant: TenantId, walk: _Walk, frontier: Sequence[NodeId]) -> Sequence[Edge]:
        edges = await self._graph.edges(tenant, frontier, kinds=DEPENDS, direction=Direction.IN, limit=MAX_EDGES + 1)
        if len(edges) > MAX_EDGES:
            walk.bounds.append(f"more than {MAX_EDGES} uses in one step: not all were followed")
        return edges[:MAX_EDGES]

    async def _dependants(self, tenant: TenantId, walk: _Walk) -> tuple[Dependant, ...]:
        nodes: Mapping[NodeId, StoredNode] = {one.node.id: one for one in await self._graph.nodes(tenant, list(walk.reached))}
        found = [
            Dependant(node=nodes[node], depth=depth, edge=edge, confidence=confidence)
            for node, (depth, edge, confidence) in walk.reached.items()
            if node in nodes
        ]
        return tuple(sorted(found, key=lambda one: (one.depth, -one.confidence, one.node.node.path, one.node.node.start_line)))

    async def _gaps(self, tenant: TenantId, found: Sequence[StoredNode]) -> list[str]:
        """What the index itself may lack: uses in files that were not read, edges that were not followed."""
        sources = [await self._freshness.source(tenant, one) for one in dict.fromkeys(stored.repository_id for stored in found)]
        unread = [f"files of {one.repository} were not read: {', '.join(one.unread)}" for one in sources if one and one.unread]
        cut = [f"{one.repository}: {FOLLOWED_IN_PART}" for one in sources if one and one.truncated]
        return unread + cut


def _verdict(dependants: Sequence[Dependant], bounds: Sequence[str]) -> Verdict:
    """What only subtyping makes possible, or what was found by an unsure way, is no yes."""
    if any(one.edge.kind is not EdgeKind.DISPATCHES and one.confidence >= SURE for one in dependants):
        return Verdict.YES
    return Verdict.UNKNOWN if dependants or bounds else Verdict.NO


def _check(name: str, max_depth: int, limit: int) -> None:
    check_symbol(name)
    if not 1 <= max_depth <= MAX_DEPTH:
        raise InvalidRequest(f"A depth of {max_depth} cannot be followed.", f"Ask for 1 to {MAX_DEPTH}.")
    if not 1 <= limit <= MAX_REACHED:
        raise InvalidRequest(f"{limit} dependants cannot be asked for.", f"Ask for 1 to {MAX_REACHED}.")
