"""Questions to a server: search, context, calls, impact."""

from __future__ import annotations

from collections.abc import Sequence

from aelus.application.answer_search import Answered
from aelus.application.assess_impact import Dependant, Impact, Verdict
from aelus.application.find_calls import (
    CALLABLE_KINDS,
    MAX_CANDIDATES,
    Call,
    SymbolCalls,
    called,
    check_limit,
    check_symbol,
    nothing_called,
)
from aelus.domain.context_pack import ContextPack
from aelus.domain.repository import RepositoryId
from aelus.domain.search import Grouping, SearchFilter, SearchMode
from aelus.domain.tenancy import TenantId
from aelus.entrypoints.cli.remote.connection import Connection
from aelus.entrypoints.cli.remote.readings import edge_of, hit_of, node_of, pack_of
from aelus.entrypoints.http import intelligence_models, models
from aelus.ports.graph_store import StoredNode


class RemoteSearch:
    def __init__(self, server: Connection) -> None:
        self._server = server

    async def __call__(
        self,
        _tenant: TenantId,
        query: str,
        *,
        where: SearchFilter,
        limit: int = 10,
        mode: SearchMode = SearchMode.HYBRID,
        group: Grouping = Grouping.SPREAD,
    ) -> Answered:
        body = {**_filter(where), "query": query, "top_k": limit, "mode": mode, "group": group}
        answer = await self._server.post("/retrieve/search", models.SearchAnswer, body)
        return Answered(hits=tuple(hit_of(hit) for hit in answer.results), note=answer.note)


class RemoteContext:
    def __init__(self, server: Connection) -> None:
        self._server = server

    async def __call__(self, _tenant: TenantId, question: str, *, where: SearchFilter, max_tokens: int, neighbours: bool) -> ContextPack:
        body = {**_filter(where), "query": question, "max_tokens": max_tokens, "neighbours": neighbours}
        return pack_of(await self._server.post("/retrieve/context", models.ContextAnswer, body), question, max_tokens)


class RemoteCalls:
    """Args: direction: `callers` or `callees`."""

    def __init__(self, server: Connection, direction: str) -> None:
        self._server = server
        self._direction = direction

    async def __call__(
        self, _tenant: TenantId, name: str, *, repositories: Sequence[RepositoryId] = (), limit: int = 200
    ) -> tuple[SymbolCalls, ...]:
        check_symbol(name)
        check_limit(limit)
        within = [str(one) for one in repositories]
        asked = {"name": name, "kind": CALLABLE_KINDS, "repository_id": within, "limit": MAX_CANDIDATES}
        found = await self._server.get("/nodes", models.NodesAnswer, **asked)
        if not found.items:
            raise nothing_called(name, found.suggestions)
        return called([await self._calls(node_of(symbol), limit) for symbol in found.items])

    async def _calls(self, symbol: StoredNode, limit: int) -> SymbolCalls:
        answer = await self._server.get(f"/nodes/{symbol.node.id}/{self._direction}", models.CallsAnswer, limit=limit)
        calls = tuple(Call(edge=edge_of(call.edge), other=node_of(call.node)) for call in answer.calls)
        return SymbolCalls(symbol=symbol, calls=calls, truncated=answer.truncated)


class RemoteImpact:
    def __init__(self, server: Connection) -> None:
        self._server = server

    async def __call__(
        self, _tenant: TenantId, symbol: str, *, repositories: Sequence[RepositoryId] = (), max_depth: int, limit: int
    ) -> Impact:
        body = {"symbol": symbol, "repository_ids": [str(one) for one in repositories], "max_depth": max_depth, "limit": limit}
        answer = await self._server.post("/intelligence/impact", intelligence_models.ImpactAnswer, body)
        return Impact(
            definitions=tuple(node_of(node) for node in answer.definitions),
            dependants=tuple(
                Dependant(node=node_of(one.node), depth=one.depth, edge=edge_of(one.edge), confidence=one.confidence)
                for one in answer.dependants
            ),
            verdict=Verdict(answer.verdict),
            bounds=tuple(answer.bounds),
        )


def _filter(where: SearchFilter) -> dict[str, object]:
    repositories = [str(one) for one in where.repositories]
    return {"repository_ids": repositories, "languages": where.languages, "kinds": where.kinds, "path": where.path}
