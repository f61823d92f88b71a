"""Names of definitions that may have been meant by one that nothing has."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Final

from aelus.application.search_code import SWAPPED
from aelus.domain.graph import EdgeKind
from aelus.domain.repository import RepositoryId
from aelus.domain.search import ScoredChunk, SearchFilter
from aelus.domain.symbol_names import dotted_name, simple_name
from aelus.domain.tenancy import TenantId
from aelus.domain.terms import identifier_terms, query_terms
from aelus.domain.trigrams import MAX_NAME, letter_swaps
from aelus.ports.graph_store import Direction, GraphStore, StoredNode
from aelus.ports.vector_store import VectorStore

LOOKED_AT: Final = 50
"""Names that each way to find some brings."""
MOST: Final = 5
CLOSE: Final = 0.6
"""Likeness of two names, from which one may be meant by the other."""
SCOPES: Final = 5
MEMBERS: Final = 1000


class CloseNames:
    """By spelling, by the words of the name, in other scopes, and among the members of the scope that is named."""

    def __init__(self, *, graph: GraphStore, vectors: VectorStore) -> None:
        self._graph = graph
        self._vectors = vectors

    async def __call__(
        self, tenant: TenantId, name: str, *, kinds: Sequence[str], repositories: Sequence[RepositoryId] = ()
    ) -> tuple[str, ...]:
        """Qualified names of definitions of these kinds, the closest first; none where none comes close."""
        where = SearchFilter(repositories=tuple(repositories), kinds=tuple(kinds))
        members, namesakes, *found = await asyncio.gather(
            self._members(tenant, name, where),
            self._graph.find(tenant, simple_name(name), repositories=repositories, kinds=kinds, limit=LOOKED_AT),
            self._vectors.alike(tenant, name, where=where, limit=LOOKED_AT),
            self._vectors.named(tenant, letter_swaps(simple_name(name)), where=where, limit=LOOKED_AT),
            self._with_words(tenant, name, where),
        )
        nodes = (one.node.qualified_name for one in (*members, *namesakes))
        return closest(name, [*nodes, *(one.chunk.qualified_name for chunks in found for one in chunks)])

    async def _with_words(self, tenant: TenantId, name: str, where: SearchFilter) -> Sequence[ScoredChunk]:
        terms = query_terms(simple_name(name))
        return await self._vectors.matching(tenant, terms, where=where, limit=LOOKED_AT) if terms else ()

    async def _members(self, tenant: TenantId, name: str, where: SearchFilter) -> Sequence[StoredNode]:
        """Of the scopes that are called as the name is before its last part."""
        scope = name[: -len(simple_name(name))].rstrip(".:#/\\$")
        if not scope:
            return ()
        scopes = await self._graph.find(tenant, scope, repositories=where.repositories, limit=SCOPES)
        inside = [one.node.id for one in scopes]
        edges = await self._graph.edges(tenant, inside, kinds=[EdgeKind.DEFINES], direction=Direction.OUT, limit=MEMBERS) if inside else ()
        found = await self._graph.nodes(tenant, [edge.dst for edge in edges])
        return [one for one in found if one.node.kind in where.kinds]


def closest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Which of the qualified names come closest: first by their last parts, then by the whole."""
    likeness = {one: (_likeness(simple_name(name), simple_name(one)), _ends_alike(name, one)) for one in known if one}
    close = [one for one, (last, _) in likeness.items() if last >= CLOSE]
    return tuple(sorted(close, key=lambda one: (-sum(likeness[one]), one))[:MOST])


def did_you_mean(names: Sequence[str]) -> str:
    """The names as a question; what else to do, where there are none."""
    if not names:
        return "No name comes close: search for it by its meaning."
    *others, last = names
    return f"Did you mean {', '.join(others)}{' or ' if others else ''}{last}?"


def _likeness(asked: str, known: str) -> float:
    """0 to 1, by letters; the order of words does not count, and neighbouring letters in each other's place count little."""
    one, other = asked.lower(), known.lower()
    return SWAPPED if other in letter_swaps(one) else max(_ratio(one, other), _ratio(_in_order(asked), _in_order(known)))


def _in_order(name: str) -> str:
    *parts, whole = identifier_terms(name) or ("",)
    return " ".join(sorted(parts or [whole]))


def _ends_alike(asked: str, known: str) -> float:
    """How like the last parts of a qualified name are to all that was asked."""
    parts = dotted_name(asked).split(".")
    if len(parts) == 1:
        return _likeness(asked, simple_name(known))
    return _ratio(".".join(parts), ".".join(dotted_name(known).split(".")[-len(parts) :]))


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one[:MAX_NAME], other[:MAX_NAME], autojunk=False).ratio()
