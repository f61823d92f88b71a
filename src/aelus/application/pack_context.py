"""Pack the code that answers a question into a budget of tokens."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import cache

from aelus.application.answer_search import AnswerSearch
from aelus.application.context_candidates import ContextCandidates
from aelus.application.read_freshness import ReadFreshness
from aelus.application.search_code import EVERYWHERE
from aelus.domain.context_pack import Candidate, ContextPack, Form, LeftOut, Passage, Shown, Source
from aelus.domain.pack_text import FOOTER_SHARE, PackText
from aelus.domain.packing import Packed, pack
from aelus.domain.repository import RepositoryId
from aelus.domain.search import Hit, SearchFilter, SearchMode
from aelus.domain.tenancy import TenantId
from aelus.domain.tokens import estimated_tokens
from aelus.ports.errors import InvalidRequest
from aelus.ports.graph_store import GraphStore
from aelus.ports.vector_store import VectorStore

MIN_TOKENS = 500
MAX_TOKENS = 100_000
DEFAULT_TOKENS = 8_000
MATCHES = 24
TOKENS_PER_MATCH = 200
"""A larger budget has room for more matches."""
MAX_MATCHES = 100


class PackContext:
    """Searches, completes what it finds along the graph, and packs what fits."""

    def __init__(self, *, search: AnswerSearch, freshness: ReadFreshness, graph: GraphStore, vectors: VectorStore) -> None:
        self._search = search
        self._freshness = freshness
        self._candidates = ContextCandidates(graph=graph, vectors=vectors)

    async def __call__(
        self,
        tenant: TenantId,
        question: str,
        *,
        where: SearchFilter = EVERYWHERE,
        max_tokens: int = DEFAULT_TOKENS,
        mode: SearchMode = SearchMode.HYBRID,
        neighbours: bool = True,
    ) -> ContextPack:
        """The pack for a question; one without passages where nothing was found.

        Raises:
            InvalidRequest: the budget is not within 500 to 100,000 tokens, or as `SearchCode`.
            NotFound, Unavailable: as `SearchCode`.
        """
        if not MIN_TOKENS <= max_tokens <= MAX_TOKENS:
            raise InvalidRequest(f"{max_tokens} tokens cannot be packed.", f"Ask for {MIN_TOKENS} to {MAX_TOKENS}.")
        limit = min(max(MATCHES, max_tokens // TOKENS_PER_MATCH), MAX_MATCHES)

        async def read() -> tuple[Sequence[Candidate], tuple[Source, ...], str]:
            answer = await self._search(tenant, question, where=where, limit=limit, mode=mode)
            found = await self._candidates(tenant, answer.hits, neighbours=neighbours)
            return found, await self._sources(tenant, answer.hits), answer.note

        found, sources, note = await self._freshness.settled(tenant, where.repositories, read)
        known = {source.repository_id for source in sources}
        shown = [candidate for candidate in found if candidate.repository_id in known]
        return _packed(question, shown, sources, note, max_tokens)

    async def _sources(self, tenant: TenantId, hits: Sequence[Hit]) -> tuple[Source, ...]:
        """Of the repositories that something was found in, in that order."""
        repositories: dict[RepositoryId, None] = dict.fromkeys(hit.repository_id for hit in hits)
        found = await asyncio.gather(*[self._freshness.source(tenant, repository) for repository in repositories])
        return tuple(source for source in found if source)


def _packed(question: str, candidates: Sequence[Candidate], sources: Sequence[Source], note: str, max_tokens: int) -> ContextPack:
    words = PackText(question, sources, note)
    footer_room = int(max_tokens * FOOTER_SHARE)
    room = max_tokens - footer_room - estimated_tokens(words.header())
    chosen = pack(candidates, room, cache(lambda candidate, shown: estimated_tokens(words.block(candidate, shown))))
    passages = tuple(Passage(candidate=one, shown=shown, citation=words.cite(one, shown)) for one, shown in chosen.chosen)
    left_out = _left_out(words, chosen)
    text = words.whole(passages, words.footer(left_out, footer_room)) if sources else f"{note}\n"
    return ContextPack(
        question=question,
        max_tokens=max_tokens,
        tokens=estimated_tokens(text),
        sources=tuple(sources),
        passages=passages,
        left_out=left_out,
        text=text,
    )


def _left_out(words: PackText, packed: Packed) -> tuple[LeftOut, ...]:
    return tuple(
        LeftOut(citation=words.cite(one, _shortest(one)), qualified_name=one.qualified_name, role=one.role) for one in packed.left_out
    )


def _shortest(candidate: Candidate) -> Shown:
    return next((shown for shown in candidate.forms if shown.form is not Form.SIGNATURE), candidate.forms[-1])
