"""Who calls a function, and whom it calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aelus.application.close_names import CloseNames, did_you_mean
from aelus.application.read_freshness import ReadFreshness
from aelus.domain.graph import Edge, EdgeKind, NodeId, NodeKind
from aelus.domain.repository import RepositoryId
from aelus.domain.symbol_names import is_written_so
from aelus.domain.tenancy import TenantId
from aelus.ports.errors import InvalidRequest, NotFound
from aelus.ports.graph_store import Direction, GraphStore, StoredNode

CALL_KINDS = (EdgeKind.CALLS, EdgeKind.DISPATCHES, EdgeKind.INSTANTIATES)
REFERENCE_KINDS = (
    *CALL_KINDS,
    EdgeKind.REFERENCES,
    EdgeKind.IMPORTS,
    EdgeKind.EXPORTS,
    EdgeKind.INHERITS,
    EdgeKind.IMPLEMENTS,
    EdgeKind.OVERRIDES,
    EdgeKind.TYPE_OF,
    EdgeKind.RETURNS,
    EdgeKind.MENTIONS,
)
CALLABLE_KINDS = ("Function", "Method", "Constructor", "Class", "Interface", "Struct", "Enum", "Trait", "Macro")
MADE_KINDS = (NodeKind.CLASS, NodeKind.STRUCT, NodeKind.ENUM)
MAX_SYMBOL = 500
MAX_CALLS = 1000
MAX_CANDIDATES = 20
MAX_MEMBERS = 200
"""Members of a class among which its constructors are looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call site. `edge.kind` says whether it is a call, a construction, or one that only subtyping makes possible."""

    edge: Edge
    other: StoredNode
    """The caller, or the callee, as was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolCalls:
    """The calls of one definition that the name may mean."""

    symbol: StoredNode
    calls: tuple[Call, ...]
    truncated: bool
    """Whether there are more than were asked for."""


class FindCalls:
    """Follows edges from a definition, against them (`Direction.IN`: callers, users) or along them (`OUT`: callees).

    What it answers comes from one state of the indexes. `kinds` are those of calls, or `REFERENCE_KINDS` for every other use as well.
    """

    def __init__(
        self,
        *,
        graph: GraphStore,
        close_names: CloseNames,
        freshness: ReadFreshness,
        direction: Direction,
        kinds: Sequence[EdgeKind] = CALL_KINDS,
    ) -> None:
        self._graph = graph
        self._close_names = close_names
        self._freshness = freshness
        self._direction = direction
        self._kinds = kinds

    async def __call__(
        self, tenant: TenantId, name: str, *, repositories: Sequence[RepositoryId] = (), limit: int = 200
    ) -> tuple[SymbolCalls, ...]:
        """The calls of every definition that `name` may mean: `function`, `Class.method` or a full qualified name. What is written in
        another case is meant where nothing is written so.

        Raises:
            InvalidRequest: the name is empty or too long, or the limit is not within 1 to 1000.
            NotFound: no definition has this name; says which come closest.
        """
        check_symbol(name)
        check_limit(limit)

        async def read() -> tuple[SymbolCalls, ...]:
            symbols = await self._graph.find(tenant, name, repositories=repositories, kinds=CALLABLE_KINDS, limit=MAX_CANDIDATES)
            written = [symbol for symbol in symbols if is_written_so(name, symbol.node.qualified_name)]
            return called([await self._calls(tenant, symbol, limit) for symbol in written or symbols])

        found = await self._freshness.settled(tenant, repositories, read)
        if not found:
            close = await self._close_names(tenant, name, kinds=CALLABLE_KINDS, repositories=repositories)
            raise nothing_called(name, close)
        return found

    async def of_node(self, tenant: TenantId, node: NodeId, *, limit: int = 200) -> SymbolCalls:
        """The calls of one node. Raises NotFound, InvalidRequest."""
        check_limit(limit)
        known = await self._node(tenant, node)

        async def read() -> SymbolCalls:
            return await self._calls(tenant, await self._node(tenant, node), limit)

        return await self._freshness.settled(tenant, (known.repository_id,), read)

    async def _node(self, tenant: TenantId, node: NodeId) -> StoredNode:
        found = await self._graph.nodes(tenant, [node])
        if not found:
            raise NotFound(f"There is no node {node!r}.", "Its file may have changed since; search for it again.")
        return found[0]

    async def _calls(self, tenant: TenantId, symbol: StoredNode, limit: int) -> SymbolCalls:
        nodes = [symbol.node.id, *await self._constructors(tenant, symbol)]
        edges = await self._graph.edges(tenant, nodes, kinds=self._kinds, direction=self._direction, limit=limit + 1)
        kept = _each_once(edges[:limit])
        others = {node.node.id: node for node in await self._graph.nodes(tenant, list({self._other(edge) for edge in kept}))}
        calls = [Call(edge=edge, other=others[self._other(edge)]) for edge in kept if self._other(edge) in others]
        return SymbolCalls(symbol=symbol, calls=tuple(calls), truncated=len(edges) > limit)

    async def _constructors(self, tenant: TenantId, symbol: StoredNode) -> list[NodeId]:
        """What a class calls is what its constructors call."""
        if self._direction is Direction.IN or symbol.node.kind not in MADE_KINDS:
            return []
        members = await self._graph.edges(tenant, [symbol.node.id], kinds=(EdgeKind.DEFINES,), limit=MAX_MEMBERS)
        found = await self._graph.nodes(tenant, [edge.dst for edge in members])
        return [member.node.id for member in found if member.node.kind is NodeKind.CONSTRUCTOR]

    def _other(self, edge: Edge) -> NodeId:
        return edge.src if self._direction is Direction.IN else edge.dst


def _each_once(edges: Sequence[Edge]) -> list[Edge]:
    """Without those that say of a call that it may be what it is by another edge of its line."""
    stated = {(edge.src, edge.dst, edge.path, edge.line) for edge in edges if edge.kind is EdgeKind.CALLS}
    return [e for e in edges if e.kind is not EdgeKind.DISPATCHES or (e.src, e.dst, e.path, e.line) not in stated]


def called(found: Sequence[SymbolCalls]) -> tuple[SymbolCalls, ...]:
    """Without those that have no calls where one of the same name has some: declarations of it, as a rule."""
    named = {(one.symbol.repository_id, one.symbol.node.qualified_name) for one in found if one.calls}
    return tuple([one for one in found if one.calls or (one.symbol.repository_id, one.symbol.node.qualified_name) not in named])


def nothing_called(name: str, close: Sequence[str]) -> NotFound:
    return NotFound(f"No function, method or class is called {name!r}.", did_you_mean(close))


def check_symbol(name: str) -> None:
    if not name.strip() or len(name) > MAX_SYMBOL:
        raise InvalidRequest(
            f"A symbol's name has 1 to {MAX_SYMBOL} characters; this one has {len(name)}.", "Give a name such as Class.method."
        )


def check_limit(limit: int) -> None:
    if not 1 <= limit <= MAX_CALLS:
        raise InvalidRequest(f"{limit} calls cannot be asked for.", f"Ask for 1 to {MAX_CALLS}.")
