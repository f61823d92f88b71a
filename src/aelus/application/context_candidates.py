"""From what a search found to the passages that a context pack may show: whole definitions, and their neighbours in the graph."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aelus.application.read_node import lines_of
from aelus.domain.context_pack import Candidate, Form, Role, Shown
from aelus.domain.graph import CodeNode, Edge, EdgeKind, NodeId, NodeKind
from aelus.domain.path_class import PathClass, path_class
from aelus.domain.repository import RepositoryId
from aelus.domain.search import Hit
from aelus.domain.tenancy import TenantId
from aelus.ports.graph_store import Direction, GraphStore, StoredNode
from aelus.ports.vector_store import VectorStore

SEEDS: Final = 8
"""Best matches whose neighbours are looked up."""
EDGES_PER_SEED: Final = 200
RANKS: Final = 8
"""Places after which a match is worth half as much."""
MAX_NEIGHBOURS: Final = 40
MAX_BODIES: Final = 16
"""Best neighbours whose bodies are read; the others can be shown by their signatures."""
TEST_FACTOR: Final = 0.4
MAX_SIGNATURE: Final = 240

CALLABLES: Final = frozenset((NodeKind.FUNCTION, NodeKind.METHOD, NodeKind.CONSTRUCTOR, NodeKind.MACRO))
TYPES: Final = frozenset((NodeKind.CLASS, NodeKind.INTERFACE, NodeKind.STRUCT, NodeKind.ENUM, NodeKind.TRAIT, NodeKind.TYPE_ALIAS))
IN_KINDS: Final = (EdgeKind.CALLS, EdgeKind.DISPATCHES, EdgeKind.INSTANTIATES, EdgeKind.DEFINES)
OUT_KINDS: Final = (
    EdgeKind.CALLS,
    EdgeKind.DISPATCHES,
    EdgeKind.INSTANTIATES,
    EdgeKind.TYPE_OF,
    EdgeKind.RETURNS,
    EdgeKind.INHERITS,
    EdgeKind.IMPLEMENTS,
    EdgeKind.DEFINES,
)
WEIGHTS: Final[Mapping[Role, float]] = {
    Role.CONTAINER: 0.25,
    Role.CALLEE: 0.22,
    Role.TYPE: 0.2,
    Role.CALLER: 0.18,
    Role.MEMBER: 0.12,
}
"""Worth of a neighbour of the best match, beside the match itself."""

Lines = Mapping[tuple[RepositoryId, str], Mapping[int, str]]
"""Source lines by file and number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Neighbour:
    stored: StoredNode
    role: Role
    relates_to: str
    worth: float


class ContextCandidates:
    def __init__(self, *, graph: GraphStore, vectors: VectorStore) -> None:
        self._graph = graph
        self._vectors = vectors

    async def __call__(self, tenant: TenantId, hits: Sequence[Hit], *, neighbours: bool) -> tuple[Candidate, ...]:
        """Matches in the order of the hits, each definition once; then neighbours, those of good matches first."""
        shown = await self._graph.nodes(tenant, list(dict.fromkeys(hit.chunk.node_id for hit in hits if hit.chunk.node_id)))
        nodes = {stored.node.id: stored for stored in shown}
        seeds = [nodes[hit.chunk.node_id] for hit in hits if hit.chunk.node_id in nodes]
        near = await self._neighbours(tenant, list(dict.fromkeys(seeds))[:SEEDS], nodes.keys()) if neighbours else ()
        lines = await self._lines(tenant, hits, near[:MAX_BODIES])
        matches = (_match(hit, _worth(hit, hits, rank), nodes.get(hit.chunk.node_id), lines) for rank, hit in enumerate(_once(hits)))
        return (*matches, *(_neighbour(one, lines) for one in near))

    async def _neighbours(self, tenant: TenantId, seeds: Sequence[StoredNode], known: Iterable[NodeId]) -> Sequence[_Neighbour]:
        """Those that are worth most: near to several matches, or to a good one."""
        worth: dict[NodeId, float] = defaultdict(float)
        reasons: dict[NodeId, tuple[float, Role, str]] = {}
        for rank, (seed, edges) in enumerate(zip(seeds, await asyncio.gather(*[self._edges(tenant, seed) for seed in seeds]), strict=True)):
            for node, role, confidence in _ends(seed.node, edges):
                value = WEIGHTS[role] * confidence / (1 + rank)
                worth[node] += value
                reasons[node] = max(reasons.get(node, (0.0, role, "")), (value, role, seed.node.qualified_name))
        wanted = sorted(worth.keys() - set(known), key=lambda node: (-worth[node], node))[: 2 * MAX_NEIGHBOURS]
        found = await self._graph.nodes(tenant, wanted)
        near = [
            _Neighbour(stored=stored, role=role, relates_to=match, worth=worth[stored.node.id] * _share(stored.node.path))
            for stored in found
            for _, role, match in (reasons[stored.node.id],)
            if _can_be_shown(stored.node)
        ]
        return sorted(near, key=lambda one: (-one.worth, one.stored.node.path, one.stored.node.start_line))[:MAX_NEIGHBOURS]

    async def _edges(self, tenant: TenantId, seed: StoredNode) -> Sequence[Edge]:
        one = [seed.node.id]
        incoming, outgoing = await asyncio.gather(
            self._graph.edges(tenant, one, kinds=IN_KINDS, direction=Direction.IN, limit=EDGES_PER_SEED),
            self._graph.edges(tenant, one, kinds=OUT_KINDS, direction=Direction.OUT, limit=EDGES_PER_SEED),
        )
        return [*incoming, *outgoing]

    async def _lines(self, tenant: TenantId, hits: Sequence[Hit], near: Sequence[_Neighbour]) -> Lines:
        files = dict.fromkeys(
            [(hit.repository_id, hit.chunk.path) for hit in hits] + [(one.stored.repository_id, one.stored.node.path) for one in near]
        )
        chunks = await asyncio.gather(*[self._vectors.of_file(tenant, repository, path) for repository, path in files])
        return {file: lines_of(found) for file, found in zip(files, chunks, strict=True)}


def _ends(seed: CodeNode, edges: Iterable[Edge]) -> Iterable[tuple[NodeId, Role, float]]:
    """Each neighbour once for each role, with the best confidence."""
    best: dict[tuple[NodeId, Role], float] = {}
    for edge in edges:
        key = (edge.dst, _role_of_target(edge.kind)) if edge.src == seed.id else (edge.src, _role_of_source(edge.kind))
        if key[0] != seed.id:
            best[key] = max(best.get(key, 0.0), edge.confidence)
    return ((node, role, confidence) for (node, role), confidence in best.items())


def _role_of_target(kind: EdgeKind) -> Role:
    if kind is EdgeKind.DEFINES:
        return Role.MEMBER
    return Role.CALLEE if kind in (EdgeKind.CALLS, EdgeKind.DISPATCHES) else Role.TYPE


def _role_of_source(kind: EdgeKind) -> Role:
    return Role.CONTAINER if kind is EdgeKind.DEFINES else Role.CALLER


def _share(path: str) -> float:
    return TEST_FACTOR if path_class(path) is PathClass.TEST else 1.0


def _can_be_shown(node: CodeNode) -> bool:
    return bool(node.path and node.start_line and node.signature) and (node.kind in CALLABLES or node.kind in TYPES)


def _once(hits: Sequence[Hit]) -> Iterable[Hit]:
    """The best hit of each definition; passages of a file's top level are all kept, for each shows other lines."""
    seen: set[str] = set()
    for hit in hits:
        whole = hit.chunk.node_id and hit.chunk.kind in CALLABLES
        if whole and hit.chunk.node_id in seen:
            continue
        seen.add(hit.chunk.node_id)
        yield hit


def _worth(hit: Hit, hits: Sequence[Hit], rank: int) -> float:
    """The share of the best score, less for every place behind it: scores alone lie close together."""
    best = hits[0].score
    return (max(hit.score, 0.0) / best if best > 0 else 1.0) / (1 + rank / RANKS)


def _match(hit: Hit, worth: float, stored: StoredNode | None, lines: Lines) -> Candidate:
    chunk, node = hit.chunk, stored.node if stored else None
    known = lines.get((hit.repository_id, chunk.path), {})
    forms = _bodies(chunk.start_line, chunk.end_line, node, known) + (_signature(node) if node else ())
    return Candidate(
        repository_id=hit.repository_id,
        path=chunk.path,
        kind=chunk.kind,
        qualified_name=chunk.qualified_name,
        node_id=chunk.node_id,
        language=chunk.language,
        role=Role.MATCH,
        worth=worth,
        forms=forms,
    )


def _bodies(start: int, end: int, node: CodeNode | None, known: Mapping[int, str]) -> tuple[Shown, ...]:
    """The whole definition with what stands above it, and the passage that was found; of a large class only the latter."""
    if node is None or not node.start_line:
        return (_shown(Form.PART, start, end, known),)
    first, last = min(start, node.start_line), max(end, node.end_line)
    if (first, last) == (start, end):
        return (_shown(Form.WHOLE, start, end, known),)
    passage = _shown(Form.PART, start, end, known)
    return (_shown(Form.WHOLE, first, last, known), passage) if node.kind in CALLABLES else (passage,)


def _neighbour(one: _Neighbour, lines: Lines) -> Candidate:
    node = one.stored.node
    known = lines.get((one.stored.repository_id, node.path))
    body = (_shown(Form.WHOLE, node.start_line, node.end_line, known),) if known and node.kind in CALLABLES else ()
    return Candidate(
        repository_id=one.stored.repository_id,
        path=node.path,
        kind=node.kind,
        qualified_name=node.qualified_name,
        node_id=node.id,
        language=node.language,
        role=one.role,
        worth=min(one.worth, 1.0),
        relates_to=one.relates_to,
        forms=body + _signature(node),
    )


def _shown(form: Form, start: int, end: int, known: Mapping[int, str]) -> Shown:
    text = "\n".join(known.get(line, "") for line in range(start, end + 1))
    return Shown(form=form, start_line=start, end_line=end, text=text)


def _signature(node: CodeNode) -> tuple[Shown, ...]:
    """The signature in one line; none for what has none."""
    if not node.signature:
        return ()
    text = " ".join(node.signature.split())
    short = text if len(text) <= MAX_SIGNATURE else f"{text[:MAX_SIGNATURE]}…"
    return (Shown(form=Form.SIGNATURE, start_line=node.start_line, end_line=node.end_line, text=short),)
