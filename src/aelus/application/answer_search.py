"""Search, and say of the answer what its hits do not: why there are none, or how little they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aelus.application.cached_search import CachedSearch
from aelus.application.find_repository import NOTHING_INDEXED
from aelus.application.known_filters import KnownFilters
from aelus.application.placed_chunks import MAX_FILES
from aelus.application.search_code import EVERYWHERE, SearchCode, asked_in
from aelus.domain.query_names import only_names
from aelus.domain.query_places import query_places
from aelus.domain.ranking import GRAPH, PATH, SYMBOL, VECTOR
from aelus.domain.repository import IndexStamp, RepositoryId
from aelus.domain.search import Grouping, Hit, SearchFilter, SearchMode
from aelus.domain.tenancy import TenantId
from aelus.ports.repository_store import RepositoryStore
from aelus.ports.vector_store import VectorStore

NOTHING = "Nothing was found: no code that was searched holds a word or a name of the query, or is clearly near it in meaning."
NO_PHRASE = "Nothing was found: no code that was searched holds the quoted words."
MEANING_ALONE = "No code that was searched holds a word of the query: these are near it in meaning only."
NO_FILE = "No file that was searched is called {}."
NO_CODE_AT = "No code that was searched lies at {}, line {}."
BESIDE_PLACE = "These hold its words, or are near it in meaning."
NOT_CALLED = "Nothing that was searched is called so: these are spelt like it, hold its words, or are near it in meaning."

OF_NO_NAME = (NOTHING, MEANING_ALONE, NOT_CALLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    hits: tuple[Hit, ...]
    """Best first."""
    note: str
    """Sentences for whoever asked; empty where the hits speak for themselves."""


class AnswerSearch:
    def __init__(
        self, *, search: SearchCode | CachedSearch, repositories: RepositoryStore, vectors: VectorStore, filters: KnownFilters
    ) -> None:
        self._search = search
        self._repositories = repositories
        self._vectors = vectors
        self._filters = filters

    async def __call__(
        self,
        tenant: TenantId,
        query: str,
        *,
        where: SearchFilter = EVERYWHERE,
        limit: int = 10,
        mode: SearchMode = SearchMode.HYBRID,
        group: Grouping = Grouping.SPREAD,
    ) -> Answered:
        """Raises as `SearchCode`."""
        hits = await self._search(tenant, query, where=where, limit=limit, mode=mode, group=group)
        named = await self._named(tenant, query, where)
        searched = await self._repositories.stamps(tenant, named) if named or not hits else ()
        said = _of_hits(query, hits, mode) if hits else await self._of_none(tenant, query, where, searched)
        if said in OF_NO_NAME and only_names(asked_in(query).text):
            said = await self._of_no_place(tenant, query, named, hits) or said
        return Answered(hits=hits, note=" ".join(filter(None, (said, _not_indexed(searched)))))

    async def _named(self, tenant: TenantId, query: str, where: SearchFilter) -> Sequence[RepositoryId]:
        called = [await self._repositories.find(tenant, name) for name in asked_in(query).repositories]
        return [one.id for one in called if one is not None] or where.repositories

    async def _of_no_place(self, tenant: TenantId, query: str, within: Sequence[RepositoryId], hits: Sequence[Hit]) -> str:
        """Of a place where no code was found; empty where the query is none."""
        for place in query_places(asked_in(query).text):
            files = await self._vectors.files_called(tenant, (place.file,), where=SearchFilter(repositories=tuple(within)), limit=MAX_FILES)
            known = place.likeliest(path for _, path in files)
            said = NO_CODE_AT.format(place.path, place.first) if known else NO_FILE.format(place.path)
            return f"{said} {BESIDE_PLACE}" if hits else said
        return ""

    async def _of_none(self, tenant: TenantId, query: str, where: SearchFilter, searched: Sequence[IndexStamp]) -> str:
        if not any(stamp.version for stamp in searched):
            return "" if searched else NOTHING_INDEXED
        asked = asked_in(query)
        languages = self._filters.languages(asked.languages or where.languages)
        if languages:
            within = SearchFilter(repositories=tuple(stamp.repository_id for stamp in searched))
            held = await self._vectors.languages(tenant, where=within)
            if not set(languages) & set(held):
                return f"Nothing was found: what was searched has nothing in {' or '.join(languages)}, only in {', '.join(held)}."
        return NO_PHRASE if asked.phrases else NOTHING


def _of_hits(query: str, hits: Sequence[Hit], mode: SearchMode) -> str:
    why = {stage for hit in hits for stage in hit.why} - {GRAPH}
    if mode is not SearchMode.VECTOR and why == {VECTOR}:
        return MEANING_ALONE
    return NOT_CALLED if mode is not SearchMode.VECTOR and only_names(asked_in(query).text) and why.isdisjoint((SYMBOL, PATH)) else ""


def _not_indexed(searched: Sequence[IndexStamp]) -> str:
    names = [stamp.name for stamp in searched if not stamp.version]
    return f"Not indexed yet, and not searched: {', '.join(names)}." if names else ""
