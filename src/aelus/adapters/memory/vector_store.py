"""Search over chunks in memory: exact in every stage."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from aelus.adapters.memory.searchable import NOWHERE, Floats, Posting, Searchable
from aelus.adapters.memory.state import MemoryDatabase
from aelus.domain.bm25 import K1, B, idf
from aelus.domain.chunks import Chunk
from aelus.domain.repository import RepositoryId
from aelus.domain.search import FileId, ScoredChunk, SearchFilter, Vector
from aelus.domain.symbol_names import dotted_name, file_name, named_score, simple_name
from aelus.domain.tenancy import TenantId
from aelus.domain.trigrams import LEAST_ALIKE, likeness, name_trigrams

Score = tuple[float, float, float]
"""A stage's score, and the coverage of the asked words and the score of the whole file where the stage knows them."""
Found = tuple[RepositoryId, Chunk, Score]


class MemoryVectorStore:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._arranged: dict[tuple[TenantId, RepositoryId], Searchable] = {}

    def _searchables(self, tenant: TenantId, where: SearchFilter, model: str = "") -> Sequence[tuple[RepositoryId, Searchable]]:
        """Of the filter's repositories; its other parts are `_admits`' affair, since statistics are over all of these."""
        return [
            (repository, self._searchable(tenant, repository))
            for repository, index in self._database.of(tenant).indexes.items()
            if self._database.of(tenant).is_meant(repository, where.repositories) and (not model or index.model == model)
        ]

    def _searchable(self, tenant: TenantId, repository: RepositoryId) -> Searchable:
        index, known = self._database.of(tenant).indexes[repository], self._arranged.get((tenant, repository))
        if known is None or known.index is not index:
            self._forget_removed()
            known = self._arranged[tenant, repository] = Searchable(index)
        return known

    def _forget_removed(self) -> None:
        self._arranged = {key: one for key, one in self._arranged.items() if key[1] in self._database.of(key[0]).indexes}

    async def nearest(self, tenant: TenantId, vector: Vector, *, model: str, where: SearchFilter, limit: int) -> Sequence[ScoredChunk]:
        asked, found = np.frombuffer(vector, np.float32), list[Found]()
        for repository, searchable in self._searchables(tenant, where, model):
            places, rows = searchable.matrix(self._database.of(tenant).vectors)
            scores = (rows @ asked).tolist() if len(places) else ()
            found += _admitted(
                repository, searchable, ((place, (score, 0.0, 0.0)) for place, score in zip(places.tolist(), scores, strict=True)), where
            )
        return _best(found, limit)

    async def matching(
        self, tenant: TenantId, terms: Mapping[str, float], *, where: SearchFilter, limit: int, whole_files: bool = False
    ) -> Sequence[ScoredChunk]:
        searchables = self._searchables(tenant, where)
        chunks = _asked([searchable for _, searchable in searchables], terms)
        by_file = [searchable.by_file(terms) for _, searchable in searchables] if whole_files else []
        files = _asked(by_file, terms)
        found: list[Found] = []
        for number, (repository, searchable) in enumerate(searchables):
            totals, coverage = _bm25(searchable, chunks)
            of_file = _bm25(by_file[number], files)[0][searchable.files] if whole_files else np.zeros(len(totals))
            places = np.flatnonzero(totals)
            scores = zip(totals[places].tolist(), coverage[places].tolist(), of_file[places].tolist(), strict=True)
            found += _admitted(repository, searchable, zip(places.tolist(), scores, strict=True), where)
        return _best(found, limit)

    async def named(self, tenant: TenantId, names: Sequence[str], *, where: SearchFilter, limit: int) -> Sequence[ScoredChunk]:
        keys = {key for name in names for key in (simple_name(name).lower(), name.lower(), dotted_name(name))}
        found: list[Found] = []
        for repository, searchable in self._searchables(tenant, where):
            chunks = searchable.chunks
            places = {place for key in keys for place in searchable.names.get(key, ())}
            scored = (
                (place, max(named_score(name, chunks[place].qualified_name, chunks[place].path) for name in names)) for place in places
            )
            found += _admitted(repository, searchable, ((place, (score, 0.0, 0.0)) for place, score in scored if score > 0), where)
        return _best(found, limit)

    async def alike(self, tenant: TenantId, name: str, *, where: SearchFilter, limit: int) -> Sequence[ScoredChunk]:
        asked, found = name_trigrams(name), list[Found]()
        for repository, searchable in self._searchables(tenant, where):
            shared = Counter(place for trigram in asked for place in searchable.trigrams.get(trigram, NOWHERE).places.tolist())
            sizes = {place: len(name_trigrams(searchable.chunks[place].qualified_name)) for place in shared}
            scored = ((place, likeness(len(asked), sizes[place], count)) for place, count in shared.items())
            likely = ((place, (score, 0.0, 0.0)) for place, score in scored if score >= LEAST_ALIKE)
            found += _admitted(repository, searchable, likely, where)
        return _best(found, limit)

    async def files_called(self, tenant: TenantId, names: Sequence[str], *, where: SearchFilter, limit: int) -> Sequence[FileId]:
        asked = {name.lower() for name in names}
        found = [
            (path, repository)
            for repository, searchable in self._searchables(tenant, where)
            for path in searchable.index.files
            if file_name(path) in asked
        ]
        return [(repository, path) for path, repository in sorted(found)[:limit]]

    async def languages(self, tenant: TenantId, *, where: SearchFilter) -> Sequence[str]:
        return sorted({chunk.language for _, searchable in self._searchables(tenant, where) for chunk in searchable.chunks})

    async def of_file(self, tenant: TenantId, repository: RepositoryId, path: str) -> Sequence[Chunk]:
        index = self._database.of(tenant).indexes.get(repository)
        file = index.files.get(path) if index else None
        return sorted(file.chunks, key=lambda chunk: (chunk.start_line, chunk.end_line)) if file else ()


class _Texts(Protocol):
    """Chunks of a repository, or its files."""

    @property
    def terms(self) -> Mapping[str, Posting]: ...
    @property
    def lengths(self) -> Floats: ...


class _Asked(NamedTuple):
    """Terms, each with its weight and how rare it is, of texts of this length."""

    weights: Mapping[str, float]
    average: float


def _asked(texts: Sequence[_Texts], terms: Mapping[str, float]) -> _Asked:
    documents = sum(len(one.lengths) for one in texts)
    containing = {term: sum(len(one.terms.get(term, NOWHERE).places) for one in texts) for term in terms}
    weights = {term: asked * idf(documents, containing[term]) for term, asked in terms.items()}
    return _Asked(weights, sum(float(one.lengths.sum()) for one in texts) / documents if documents else 0.0)


def _bm25(texts: _Texts, asked: _Asked) -> tuple[Floats, Floats]:
    """Of every text, and its coverage."""
    totals, covered = np.zeros(len(texts.lengths)), np.zeros(len(texts.lengths))
    for term, rarity in asked.weights.items():
        places, frequencies = texts.terms.get(term, NOWHERE)
        totals[places] += rarity * frequencies * (K1 + 1) / (frequencies + K1 * (1 - B + B * texts.lengths[places] / asked.average))
        covered[places] += rarity
    return totals, covered / (sum(asked.weights.values()) or 1.0)


def _admitted(
    repository: RepositoryId, searchable: Searchable, scored: Iterable[tuple[int, Score]], where: SearchFilter
) -> Iterable[Found]:
    chunks = searchable.chunks
    return [(repository, chunks[place], score) for place, score in scored if where.admits(chunks[place])]


def _best(found: list[Found], limit: int) -> list[ScoredChunk]:
    best = heapq.nsmallest(limit, found, key=lambda entry: (-entry[2][0], entry[1].path, entry[1].start_line, entry[1].id))
    return [
        ScoredChunk(repository_id=repository, chunk=chunk, score=score, coverage=coverage, file_score=file_score)
        for repository, chunk, (score, coverage, file_score) in best
    ]
