"""Search over chunks in memory: exact in every stage."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator, Mapping, Sequence

from aelus.adapters.memory.state import MemoryDatabase
from aelus.domain.bm25 import idf, weight
from aelus.domain.chunks import Chunk
from aelus.domain.path_pattern import path_expression
from aelus.domain.repository import RepositoryId
from aelus.domain.search import ScoredChunk, SearchFilter, Vector
from aelus.domain.symbol_names import named_score
from aelus.domain.tenancy import TenantId
from aelus.domain.terms import document_terms


class MemoryVectorStore:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._terms: dict[tuple[str, str], dict[str, float]] = {}

    def _chunks(self, tenant: TenantId, where: SearchFilter, model: str = "") -> Iterator[tuple[RepositoryId, Chunk]]:
        """Chunks of the filter's repositories; its other parts are `_admits`' affair, since statistics are over all of these."""
        for repository, index in self._database.of(tenant).indexes.items():
            if (not where.repositories or repository in where.repositories) and (not model or index.model == model):
                for file in index.files.values():
                    for chunk in file.chunks:
                        yield repository, chunk

    async def nearest(self, tenant: TenantId, vector: Vector, *, model: str, where: SearchFilter, limit: int) -> Sequence[ScoredChunk]:
        vectors = self._database.of(tenant).vectors
        found = [
            (repository, chunk, sum(a * b for a, b in zip(vector, known, strict=True)))
            for repository, chunk in self._chunks(tenant, where, model)
            if _admits(where, chunk) and (known := vectors.get((model, chunk.content_hash)))
        ]
        return _best(found, limit)

    async def matching(self, tenant: TenantId, terms: Mapping[str, float], *, where: SearchFilter, limit: int) -> Sequence[ScoredChunk]:
        documents = [(repository, chunk, self._terms_of(chunk)) for repository, chunk in self._chunks(tenant, where)]
        average = sum(sum(known.values()) for *_, known in documents) / len(documents) if documents else 0.0
        containing = {term: sum(1 for *_, known in documents if term in known) for term in terms}
        weights = {term: asked * idf(len(documents), containing[term]) for term, asked in terms.items()}
        found = []
        for repository, chunk, known in documents:
            score = sum(rare * weight(known[term], sum(known.values()), average) for term, rare in weights.items() if term in known)
            if score > 0 and _admits(where, chunk):
                found.append((repository, chunk, score))
        return _best(found, limit)

    def _terms_of(self, chunk: Chunk) -> dict[str, float]:
        key = (chunk.id, chunk.content_hash)
        known = self._terms.get(key)
        if known is None:
            known = self._terms[key] = document_terms(chunk)
        return known

    async def named(self, tenant: TenantId, names: Sequence[str], *, where: SearchFilter, limit: int) -> Sequence[ScoredChunk]:
        scored = (
            (repository, chunk, max((named_score(name, chunk.qualified_name, chunk.path) for name in names), default=0.0))
            for repository, chunk in self._chunks(tenant, where)
            if _admits(where, chunk)
        )
        return _best([entry for entry in scored if entry[2] > 0], limit)

    async def of_file(self, tenant: TenantId, repository: RepositoryId, path: str) -> Sequence[Chunk]:
        index = self._database.of(tenant).indexes.get(repository)
        file = index.files.get(path) if index else None
        return sorted(file.chunks, key=lambda chunk: (chunk.start_line, chunk.end_line)) if file else ()


def _admits(where: SearchFilter, chunk: Chunk) -> bool:
    return (
        (not where.languages or chunk.language in where.languages)
        and (not where.kinds or chunk.kind in where.kinds)
        and (not where.path or re.search(path_expression(where.path), chunk.path) is not None)
    )


def _best(found: list[tuple[RepositoryId, Chunk, float]], limit: int) -> list[ScoredChunk]:
    best = heapq.nsmallest(limit, found, key=lambda entry: (-entry[2], entry[1].path, entry[1].start_line, entry[1].id))
    return [ScoredChunk(repository_id=repository, chunk=chunk, score=score) for repository, chunk, score in best]
