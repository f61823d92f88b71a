"""Search the code of a tenant by meaning, by words and by name."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from aelus.domain.query_names import query_names
from aelus.domain.ranking import Found, Ranked, rank
from aelus.domain.repository import Repository, RepositoryId
from aelus.domain.search import Hit, ScoredChunk, SearchFilter, SearchMode
from aelus.domain.tenancy import TenantId
from aelus.domain.terms import query_terms
from aelus.ports.embedder import Embedder
from aelus.ports.errors import InvalidRequest, NotFound
from aelus.ports.repository_store import RepositoryStore
from aelus.ports.vector_store import VectorStore

MAX_QUERY_BYTES = 8 * 1024
MAX_HITS = 100
MIN_CANDIDATES = 100
"""Chunks that each stage is asked for; more where more hits are wanted."""
CANDIDATES_PER_HIT = 4
EVERYWHERE = SearchFilter()


class SearchCode:
    """Asks all stages of the mode at once and makes one order of what they find."""

    def __init__(self, *, vectors: VectorStore, embedder: Embedder, repositories: RepositoryStore) -> None:
        self._vectors = vectors
        self._embedder = embedder
        self._repositories = repositories

    async def __call__(
        self,
        tenant: TenantId,
        query: str,
        *,
        where: SearchFilter = EVERYWHERE,
        limit: int = 10,
        mode: SearchMode = SearchMode.HYBRID,
        one_per_file: bool = False,
    ) -> tuple[Hit, ...]:
        """The best chunks, best first; none is no error.

        Raises:
            InvalidRequest: the query is blank or longer than 8 KiB, or the limit is not within 1 to 100.
            NotFound: a repository of the filter does not exist.
            Unavailable: the embedding service is away, in a mode that needs it.
        """
        _check(query, limit)
        query = query.encode("utf-8", "replace").decode("utf-8")
        candidates = max(MIN_CANDIDATES, CANDIDATES_PER_HIT * limit)
        _, vector, lexical, named = await asyncio.gather(
            self._named_repositories(tenant, where.repositories),
            self._by_meaning(tenant, query, where, mode, candidates),
            self._by_words(tenant, query, where, mode, candidates),
            self._by_name(tenant, query, where, mode, candidates),
        )
        ranked = rank(query, Found(vector=vector, lexical=lexical, named=named), limit=limit, one_per_file=one_per_file)
        known = await self._known_repositories(tenant, {one.found.repository_id for one in ranked})
        return tuple([_hit(one, known) for one in ranked if one.found.repository_id in known])

    async def _by_meaning(self, tenant: TenantId, query: str, where: SearchFilter, mode: SearchMode, limit: int) -> Sequence[ScoredChunk]:
        if mode is SearchMode.LEXICAL:
            return ()
        vector = await self._embedder.embed_query(query)
        return await self._vectors.nearest(tenant, vector, model=self._embedder.model, where=where, limit=limit)

    async def _by_words(self, tenant: TenantId, query: str, where: SearchFilter, mode: SearchMode, limit: int) -> Sequence[ScoredChunk]:
        terms = query_terms(query)
        if mode is SearchMode.VECTOR or not terms:
            return ()
        return await self._vectors.matching(tenant, terms, where=where, limit=limit)

    async def _by_name(self, tenant: TenantId, query: str, where: SearchFilter, mode: SearchMode, limit: int) -> Sequence[ScoredChunk]:
        names = query_names(query)
        if mode is SearchMode.VECTOR or not names:
            return ()
        return await self._vectors.named(tenant, names, where=where, limit=limit)

    async def _named_repositories(self, tenant: TenantId, ids: Iterable[RepositoryId]) -> Sequence[Repository]:
        return await asyncio.gather(*[self._repositories.get(tenant, repository) for repository in ids])

    async def _known_repositories(self, tenant: TenantId, ids: Iterable[RepositoryId]) -> Mapping[RepositoryId, Repository]:
        """Those that still exist: one may have been removed since its chunks were found."""
        found = await asyncio.gather(*[self._find_repository(tenant, repository) for repository in ids])
        return {repository.id: repository for repository in found if repository}

    async def _find_repository(self, tenant: TenantId, repository: RepositoryId) -> Repository | None:
        try:
            return await self._repositories.get(tenant, repository)
        except NotFound:
            return None


def _check(query: str, limit: int) -> None:
    if not query.strip():
        raise InvalidRequest("The query is empty.", "Say what to look for.")
    size_bytes = len(query.encode("utf-8", "surrogatepass"))
    if size_bytes > MAX_QUERY_BYTES:
        raise InvalidRequest(f"The query has {size_bytes} bytes; {MAX_QUERY_BYTES} are allowed.", "Ask for one thing at a time.")
    if not 1 <= limit <= MAX_HITS:
        raise InvalidRequest(f"{limit} hits cannot be asked for.", f"Ask for 1 to {MAX_HITS}.")


def _hit(ranked: Ranked, repositories: Mapping[RepositoryId, Repository]) -> Hit:
    found = ranked.found
    return Hit(
        repository_id=found.repository_id,
        repository=repositories[found.repository_id].name,
        chunk=found.chunk,
        score=ranked.score,
        why=ranked.why,
    )
