"""Search the code of a tenant by meaning, by words and by name."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import TypeVar

from aelus.application.find_repository import repository_named
from aelus.application.known_filters import KnownFilters
from aelus.application.placed_chunks import PlacedChunks
from aelus.application.query_vectors import QueryVectors
from aelus.domain.evidence import DOCUMENTS
from aelus.domain.mixed_models import merged
from aelus.domain.query import Query, holds, parse_query
from aelus.domain.query_names import query_names
from aelus.domain.ranking import Found, Likeness, Ranked, Ranking
from aelus.domain.ranking_weights import DEFAULT_WEIGHTS, Weights
from aelus.domain.repository import IndexStamp, RepositoryId
from aelus.domain.search import NO_TIES, Grouping, Hit, ScoredChunk, SearchFilter, SearchMode, Ties, Vector
from aelus.domain.tenancy import TenantId
from aelus.domain.terms import longness, query_terms
from aelus.domain.trigrams import letter_swaps
from aelus.ports.affinity import Affinity
from aelus.ports.errors import InvalidRequest, NotFound
from aelus.ports.graph_store import GraphStore
from aelus.ports.repository_store import RepositoryStore
from aelus.ports.snapshots import Snapshots
from aelus.ports.vector_store import VectorStore

MAX_QUERY_BYTES = 8 * 1024
MAX_HITS = 100
MIN_CANDIDATES = 100
"""Chunks that each stage is asked for; more where more hits are wanted."""
CANDIDATES_PER_HIT = 4
CANDIDATES_FOR_PHRASES = 10
"""Times as many, where a phrase leaves few of them."""
MAX_MISSPELT = 3
"""Names of one question whose spelling is looked for."""
NAMED_IN_ANY_CASE = 1.5
"""Score of `VectorStore.named` from which a definition has the asked name."""
SWAPPED = 0.95
"""Likeness of a name with two neighbouring letters in each other's place, which leaves a short one few trigrams."""
EVERYWHERE = SearchFilter()
STAGES = tuple(field.name for field in fields(Found))

Value = TypeVar("Value")


class SearchCode:
    """Asks all stages of the mode at once, then the graph and the words about the best of what they find, and makes one order of it."""

    def __init__(
        self,
        *,
        vectors: VectorStore,
        graph: GraphStore,
        vectors_of: QueryVectors,
        repositories: RepositoryStore,
        snapshots: Snapshots,
        affinity: Affinity,
        filters: KnownFilters,
        weights: Weights = DEFAULT_WEIGHTS,
    ) -> None:
        self._vectors = vectors
        self._graph = graph
        self._vectors_of = vectors_of
        self._repositories = repositories
        self._snapshots = snapshots
        self._affinity = affinity
        self._filters = filters
        self._weights = weights
        self._placed = PlacedChunks(vectors)

    async def __call__(
        self,
        tenant: TenantId,
        query: str,
        *,
        where: SearchFilter = EVERYWHERE,
        limit: int = 10,
        mode: SearchMode = SearchMode.HYBRID,
        group: Grouping = Grouping.SPREAD,
        stamps: Sequence[IndexStamp] | None = None,
    ) -> tuple[Hit, ...]:
        """The best chunks, best first; none is no error.

        The query may hold filters and phrases (`domain.query`); a filter of the query narrows the same one of `where`. Who has just read
        the stamps of the repositories of `where`, and of those that the query names, hands them over.

        Raises:
            InvalidRequest: the query is blank, has filters alone, or is longer than 8 KiB; the limit is not within 1 to 100; the query and
                `where` both have a path; a filter names a language or a kind that there is not.
            NotFound: a repository of a filter does not exist.
            Unavailable: the embedding service is away, in a mode that needs it.
        """
        _check(query, limit)
        asked = asked_in(query)
        _check_asked(asked)
        narrowed = await self._narrowed(tenant, where, asked, stamps)
        return await self._search(tenant, asked, narrowed, limit, mode, group, stamps) if narrowed else ()

    async def _search(
        self,
        tenant: TenantId,
        asked: Query,
        where: SearchFilter,
        limit: int,
        mode: SearchMode,
        group: Grouping,
        stamps: Sequence[IndexStamp] | None,
    ) -> tuple[Hit, ...]:
        if stamps is None:
            stamps = await self._repositories.stamps(tenant, where.repositories)
        elif where.repositories:
            stamps = [stamp for stamp in stamps if stamp.repository_id in where.repositories]
        ranking = await self._ranking(tenant, asked, where, limit, mode, stamps)
        names = {stamp.repository_id: stamp.name for stamp in stamps}
        # One that was added since has no name yet, and is not part of the answer.
        return tuple([_hit(one, names) for one in ranking.best(limit=limit, group=group) if one.found.repository_id in names])

    async def ranking(
        self, tenant: TenantId, asked: Query, *, where: SearchFilter = EVERYWHERE, limit: int = 10, mode: SearchMode = SearchMode.HYBRID
    ) -> Ranking:
        """All that was found in order, with the evidence that put it there: from this weights are learnt."""
        return await self._ranking(tenant, asked, where, limit, mode, await self._repositories.stamps(tenant, where.repositories))

    async def _ranking(
        self, tenant: TenantId, asked: Query, where: SearchFilter, limit: int, mode: SearchMode, stamps: Sequence[IndexStamp]
    ) -> Ranking:
        words = asked.telling
        vectors = {} if mode is SearchMode.LEXICAL else await self._asked_vectors(tenant, words, stamps)
        async with self._snapshots(tenant):
            found = await self._find(tenant, asked, vectors, where, mode, max(MIN_CANDIDATES, CANDIDATES_PER_HIT * limit))
            ranking = Ranking(words, found, self._weights, limit=limit)
            ties, likeness = await asyncio.gather(self._ties(tenant, ranking, mode), self._likeness(words, ranking, mode))
        ranking.weigh(ties, likeness)
        return ranking

    async def _asked_vectors(self, tenant: TenantId, query: str, stamps: Sequence[IndexStamp]) -> Mapping[str, Vector]:
        """Of each model that some index is made with: after a change of models the old vectors serve until there are new ones."""
        models = [model for model in dict.fromkeys(stamp.model for stamp in stamps) if model]
        vectors = await asyncio.gather(*[self._vectors_of(tenant, query, model=model) for model in models])
        return {model: vector for model, vector in zip(models, vectors, strict=True) if vector is not None}

    async def _find(
        self, tenant: TenantId, asked: Query, vectors: Mapping[str, Vector], where: SearchFilter, mode: SearchMode, limit: int
    ) -> Found:
        if asked.phrases:
            limit *= CANDIDATES_FOR_PHRASES
        vector, lexical, (named, alike), placed = await asyncio.gather(
            self._by_meaning(tenant, vectors, where, limit),
            self._by_words(tenant, asked.telling, where, mode, limit),
            self._by_name(tenant, asked.telling, where, mode, limit),
            self._by_place(tenant, asked.text, where, mode),
        )
        found = Found(vector=vector, lexical=lexical, named=named, alike=alike, placed=placed)
        return _with_phrases(found, asked) if asked.phrases else found

    async def _by_meaning(self, tenant: TenantId, vectors: Mapping[str, Vector], where: SearchFilter, limit: int) -> Sequence[ScoredChunk]:
        near = [self._vectors.nearest(tenant, vector, model=model, where=where, limit=limit) for model, vector in vectors.items()]
        return merged(await asyncio.gather(*near), limit=limit)

    async def _by_words(self, tenant: TenantId, query: str, where: SearchFilter, mode: SearchMode, limit: int) -> Sequence[ScoredChunk]:
        terms = query_terms(query)
        if mode is SearchMode.VECTOR or not terms:
            return ()
        return await self._vectors.matching(tenant, terms, where=where, limit=limit, whole_files=longness(query) > 0)

    async def _by_name(
        self, tenant: TenantId, query: str, where: SearchFilter, mode: SearchMode, limit: int
    ) -> tuple[Sequence[ScoredChunk], Sequence[ScoredChunk]]:
        """Chunks with the names of the query; if there are none, those whose names are spelt like them."""
        names = query_names(query)
        if mode is SearchMode.VECTOR or not names:
            return (), ()
        named = await self._vectors.named(tenant, names, where=where, limit=limit)
        if any(one.score >= NAMED_IN_ANY_CASE for one in named):
            return named, ()
        asked = names[:MAX_MISSPELT]
        swapped = await self._vectors.named(tenant, [swap for name in asked for swap in letter_swaps(name)], where=where, limit=limit)
        alike = await asyncio.gather(*[self._vectors.alike(tenant, name, where=where, limit=limit) for name in asked])
        meant = [replace(one, score=SWAPPED) for one in swapped if one.score >= NAMED_IN_ANY_CASE]
        return named, [*meant, *(one for found in alike for one in found)]

    async def _by_place(self, tenant: TenantId, query: str, where: SearchFilter, mode: SearchMode) -> Sequence[ScoredChunk]:
        return () if mode is SearchMode.VECTOR else await self._placed(tenant, query, where=where)

    async def _ties(self, tenant: TenantId, ranking: Ranking, mode: SearchMode) -> Ties:
        nodes = () if mode is SearchMode.VECTOR else ranking.nodes()
        return await self._graph.ties(tenant, nodes) if nodes else NO_TIES

    async def _likeness(self, query: str, ranking: Ranking, mode: SearchMode) -> Likeness:
        if ranking.by_name or mode is not SearchMode.HYBRID:
            return Likeness()
        return Likeness(*await self._affinity.measure(query, ranking.names(), ranking.heads(), ranking.texts()))

    async def _narrowed(
        self, tenant: TenantId, where: SearchFilter, asked: Query, stamps: Sequence[IndexStamp] | None
    ) -> SearchFilter | None:
        """The filter with those of the query; none where they exclude each other."""
        await self._check_repositories(tenant, where.repositories, stamps)
        paths = [path for path in (where.path, *asked.paths) if path]
        if len(paths) > 1:
            raise InvalidRequest("There are two paths to search in.", "Give one, in the query or as a parameter.")
        languages = _both(self._filters.languages(where.languages), self._filters.languages(asked.languages))
        kinds = _both(self._filters.kinds(where.kinds), self._filters.kinds(asked.kinds))
        repositories = _both(where.repositories, await self._repositories_called(tenant, asked.repositories))
        if languages is None or kinds is None or repositories is None:
            return None
        return replace(where, languages=languages, kinds=kinds, repositories=repositories, path=paths[0] if paths else "")

    async def _check_repositories(self, tenant: TenantId, ids: Sequence[RepositoryId], stamps: Sequence[IndexStamp] | None) -> None:
        if ids and stamps is None:
            stamps = await self._repositories.stamps(tenant, ids)
        known = {stamp.repository_id for stamp in stamps or ()}
        for repository in ids:
            if repository not in known:
                raise NotFound(f"There is no repository {repository}.")

    async def _repositories_called(self, tenant: TenantId, names: Iterable[str]) -> tuple[RepositoryId, ...]:
        return tuple([(await repository_named(self._repositories, tenant, name)).id for name in names])


def asked_in(query: str) -> Query:
    """What a question asks for; half characters, which no store can look up, are replaced."""
    return parse_query(query.encode("utf-8", "replace").decode("utf-8"))


def _check(query: str, limit: int) -> None:
    if not query.strip():
        raise InvalidRequest("The query is empty.", "Say what to look for.")
    size_bytes = len(query.encode("utf-8", "surrogatepass"))
    if size_bytes > MAX_QUERY_BYTES:
        raise InvalidRequest(f"The query has {size_bytes} bytes; {MAX_QUERY_BYTES} are allowed.", "Ask for one thing at a time.")
    if not 1 <= limit <= MAX_HITS:
        raise InvalidRequest(f"{limit} hits cannot be asked for.", f"Ask for 1 to {MAX_HITS}.")


def _check_asked(asked: Query) -> None:
    if not asked.text:
        raise InvalidRequest("The query has filters and no words.", "Say what to look for.")


def _with_phrases(found: Found, asked: Query) -> Found:
    """What holds the phrases; all that was found, where no code holds them and the question says more."""
    held = Found(
        **{stage: [one for one in getattr(found, stage) if holds(one.chunk, asked.phrases)] for stage in STAGES},
    )
    return found if asked.says_more and _has_code(found) and not _has_code(held) else held


def _has_code(found: Found) -> bool:
    return any(one.chunk.kind not in DOCUMENTS for stage in STAGES for one in getattr(found, stage))


def _both(given: tuple[Value, ...], asked: tuple[Value, ...]) -> tuple[Value, ...] | None:
    """What both filters admit, an empty one being none; nothing where they exclude each other."""
    if not given or not asked:
        return given or asked
    return tuple(one for one in given if one in asked) or None


def _hit(ranked: Ranked, names: Mapping[RepositoryId, str]) -> Hit:
    found = ranked.found
    return Hit(
        repository_id=found.repository_id,
        repository=names[found.repository_id],
        chunk=found.chunk,
        score=ranked.score,
        why=ranked.why,
    )
