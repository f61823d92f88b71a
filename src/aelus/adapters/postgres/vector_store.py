"""Search in PostgreSQL: nearest by sign codes then vectors, words by the inverted index, names by keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final
from uuid import UUID

import numpy as np
from pgvector import HalfVector

from aelus.adapters.postgres.database import Connection, Database
from aelus.adapters.postgres.lexical import LENGTHS, NAME_SIZES, Scores, score, score_alike, term_number, trigram_number
from aelus.adapters.postgres.queries import load
from aelus.adapters.postgres.rows import Row, chunk_of, clean
from aelus.adapters.postgres.sign_codes import SignCodes, nearest_codes
from aelus.domain.chunks import Chunk
from aelus.domain.path_pattern import path_expression, path_matcher
from aelus.domain.repository import RepositoryId
from aelus.domain.search import ScoredChunk, SearchFilter, Vector
from aelus.domain.symbol_names import dotted_name, named_score, simple_name
from aelus.domain.tenancy import TenantId
from aelus.domain.trigrams import name_trigrams

CANDIDATES: Final = 2
"""Codes looked at for each chunk asked for; at least `LEAST_CANDIDATES`."""
LEAST_CANDIDATES: Final = 400
WIDEN: Final = 4
"""How much further a filtered search looks each time that it finds too little."""


class PostgresVectorStore:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._codes = SignCodes()

    async def nearest(self, tenant: TenantId, vector: Vector, *, model: str, where: SearchFilter, limit: int) -> Sequence[ScoredChunk]:
        asked, filters = HalfVector(np.frombuffer(vector, np.float32)), _filters(where)
        looked_at = max(LEAST_CANDIDATES, CANDIDATES * limit) * (WIDEN if any(filters) else 1)
        async with self._database.tenant(tenant, readonly=True, doing="searching by meaning") as connection:
            versions = await connection.fetch(load("search", "versions"), tenant, list(where.repositories), model)
            held = [
                (row["repository_id"], await self._codes.of(connection, tenant, row["repository_id"], row["version"])) for row in versions
            ]
            while True:
                candidates = nearest_codes(held, vector, looked_at)
                rows = await connection.fetch(load("search", "nearest"), tenant, *candidates, asked, model, limit, *filters)
                if len(rows) >= limit or len(candidates.numbers) < looked_at:
                    return [_scored(row, row["score"]) for row in rows]
                looked_at *= WIDEN

    async def matching(self, tenant: TenantId, terms: Mapping[str, float], *, where: SearchFilter, limit: int) -> Sequence[ScoredChunk]:
        weights: dict[int, float] = {}
        for term, asked in terms.items():
            weights[term_number(term)] = weights.get(term_number(term), 0.0) + asked
        async with self._database.tenant(tenant, readonly=True, doing="searching by words") as connection:
            repositories = await _repositories(connection, tenant, where)
            rows = await connection.fetch(load("search", "postings"), tenant, repositories, [LENGTHS, *weights])
            return await _numbered(connection, tenant, partial(score, rows, weights), where, limit)

    async def named(self, tenant: TenantId, names: Sequence[str], *, where: SearchFilter, limit: int) -> Sequence[ScoredChunk]:
        asked = [clean(name) for name in names]
        dotted = [dotted_name(name)[:400] for name in asked]
        keys = [*dict.fromkeys(key for name in asked for key in (simple_name(name).lower()[:200], name.lower()))]
        async with self._database.tenant(tenant, readonly=True, doing="searching by name") as connection:
            repositories = await _repositories(connection, tenant, where)
            rows = await connection.fetch(load("search", "named"), tenant, dotted, keys, repositories, WIDEN * limit)
        found = [_scored(row, max(named_score(name, row["qualified_name"], row["path"]) for name in asked)) for row in rows if asked]
        kept = [one for one in found if one.score > 0 and _admits(where, one.chunk)]
        return sorted(kept, key=lambda one: (-one.score, one.chunk.path, one.chunk.start_line, one.chunk.id))[:limit]

    async def alike(self, tenant: TenantId, name: str, *, where: SearchFilter, limit: int) -> Sequence[ScoredChunk]:
        asked = [trigram_number(trigram) for trigram in name_trigrams(name)]
        if not asked:
            return ()
        async with self._database.tenant(tenant, readonly=True, doing="searching by spelling") as connection:
            repositories = await _repositories(connection, tenant, where)
            rows = await connection.fetch(load("search", "postings"), tenant, repositories, [NAME_SIZES, *asked])
            return await _numbered(connection, tenant, partial(score_alike, rows, len(asked)), where, limit)

    async def of_file(self, tenant: TenantId, repository: RepositoryId, path: str) -> Sequence[Chunk]:
        async with self._database.tenant(tenant, readonly=True, doing="reading a file's chunks") as connection:
            return [chunk_of(row) for row in await connection.fetch(load("search", "of_file"), tenant, repository, path)]


async def _repositories(connection: Connection, tenant: TenantId, where: SearchFilter) -> list[Any]:
    rows = await connection.fetch(load("search", "repositories"), tenant, list(where.repositories))
    return [row["repository_id"] for row in rows]


def _filters(where: SearchFilter) -> tuple[list[str], list[str], str]:
    return list(where.languages), list(where.kinds), clean(path_expression(where.path)) if where.path else ""


async def _numbered(
    connection: Connection, tenant: TenantId, scores: Callable[[int], Scores], where: SearchFilter, limit: int
) -> list[ScoredChunk]:
    """The best that the filter admits; looks further down until there are enough, or none left."""
    filters = _filters(where)
    looked_at = limit * WIDEN if any(filters) else limit
    while True:
        best = scores(looked_at)
        found = await connection.fetch(load("search", "numbered"), tenant, best.repositories, best.numbers, *filters)
        if len(found) >= limit or len(best.numbers) < looked_at:
            return [_scored(row, best.scores[row["position"] - 1], best.coverages[row["position"] - 1]) for row in found[:limit]]
        looked_at *= WIDEN


def _scored(row: Row, value: float, coverage: float = 0.0) -> ScoredChunk:
    return ScoredChunk(repository_id=UUID(bytes=row["repository_id"].bytes), chunk=chunk_of(row), score=value, coverage=coverage)


def _admits(where: SearchFilter, chunk: Chunk) -> bool:
    """The filter for the few chunks that a name finds."""
    in_kind = (not where.languages or chunk.language in where.languages) and (not where.kinds or chunk.kind in where.kinds)
    return in_kind and (not where.path or path_matcher(where.path).search(chunk.path) is not None)
