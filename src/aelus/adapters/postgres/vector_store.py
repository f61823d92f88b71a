"""Search in PostgreSQL: nearest by sign codes then vectors, words by the inverted index, names by keys."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, TypeVar

import numpy as np
from pgvector import HalfVector

from aelus.adapters.postgres.database import Connection, Database
from aelus.adapters.postgres.held import Held, Sized
from aelus.adapters.postgres.lexical import (
    LENGTHS,
    NAME_SIZES,
    Scores,
    Sizes,
    read_sizes,
    score,
    score_alike,
    term_number,
    trigram_number,
)
from aelus.adapters.postgres.queries import load
from aelus.adapters.postgres.rows import Row, chunk_of, clean, uuid_of
from aelus.adapters.postgres.sign_codes import MAX_BYTES, nearest_codes, read_codes
from aelus.domain.chunks import Chunk
from aelus.domain.path_pattern import path_expression
from aelus.domain.repository import RepositoryId
from aelus.domain.search import FileId, ScoredChunk, SearchFilter, Vector
from aelus.domain.symbol_names import dotted_name, file_name, named_score, simple_name
from aelus.domain.tenancy import TenantId
from aelus.domain.trigrams import name_trigrams

CANDIDATES: Final = 2
"""Codes looked at for each chunk asked for; at least `LEAST_CANDIDATES`."""
LEAST_CANDIDATES: Final = 200
WIDEN: Final = 4
"""How much further a filtered search looks each time that it finds too little."""
MANY: Final = 200_000
"""Chunks from which on comparing them takes so long, some 5 ms, that it is done beside the event loop."""
MAX_SIZES_BYTES: Final = 64 * 1024 * 1024
"""Of lengths that are held, and as many of sizes of names: 4 bytes for a chunk."""

Answer = TypeVar("Answer")
Value = TypeVar("Value", bound=Sized)


class PostgresVectorStore:
    """Args: many: chunks that are compared beside the event loop."""

    def __init__(self, database: Database, *, many: int = MANY) -> None:
        self._database = database
        self._many = many
        self._codes = Held(read_codes, max_bytes=MAX_BYTES)
        self._lengths = Held(partial(read_sizes, LENGTHS), max_bytes=MAX_SIZES_BYTES)
        self._name_sizes = Held(partial(read_sizes, NAME_SIZES), max_bytes=MAX_SIZES_BYTES)

    async def nearest(self, tenant: TenantId, vector: Vector, *, model: str, where: SearchFilter, limit: int) -> Sequence[ScoredChunk]:
        asked, filters = HalfVector(np.frombuffer(vector, np.float32)), _filters(where)
        looked_at = max(LEAST_CANDIDATES, CANDIDATES * limit) * (WIDEN if any(filters) else 1)
        async with self._database.tenant(tenant, readonly=True, doing="searching by meaning") as connection:
            scope = await self._scope(connection, tenant, where)
            held = await _held(self._codes, connection, tenant, [row for row in scope if row["model"] == model])
            while True:
                candidates = await self._compared(
                    sum(len(codes.numbers) for _, codes in held), partial(nearest_codes, held, vector, looked_at)
                )
                rows = await connection.fetch(load("search", "nearest"), tenant, *candidates, asked, model, limit, *filters)
                if len(rows) >= limit or len(candidates.numbers) < looked_at:
                    return [_scored(row, row["score"]) for row in rows]
                looked_at *= WIDEN

    async def matching(self, tenant: TenantId, terms: Mapping[str, float], *, where: SearchFilter, limit: int) -> Sequence[ScoredChunk]:
        weights: dict[int, float] = {}
        for term, asked in terms.items():
            weights[term_number(term)] = weights.get(term_number(term), 0.0) + asked
        async with self._database.tenant(tenant, readonly=True, doing="searching by words") as connection:
            scope = await self._scope(connection, tenant, where)
            held = await _held(self._lengths, connection, tenant, scope)
            rows = await connection.fetch(load("search", "postings"), tenant, _ids(scope), list(weights))
            return await self._numbered(connection, tenant, held, partial(score, held, rows, weights), where, limit)

    async def named(self, tenant: TenantId, names: Sequence[str], *, where: SearchFilter, limit: int) -> Sequence[ScoredChunk]:
        asked = [clean(name) for name in names]
        dotted = [dotted_name(name)[:400] for name in asked]
        keys = [*dict.fromkeys(key for name in asked for key in (simple_name(name).lower()[:200], name.lower()))]
        async with self._database.tenant(tenant, readonly=True, doing="searching by name") as connection:
            scope = await self._scope(connection, tenant, where)
            rows = await connection.fetch(load("search", "named"), tenant, dotted, keys, _ids(scope), WIDEN * limit)
        found = [_scored(row, max(named_score(name, row["qualified_name"], row["path"]) for name in asked)) for row in rows if asked]
        kept = [one for one in found if one.score > 0 and where.admits(one.chunk)]
        return sorted(kept, key=lambda one: (-one.score, one.chunk.path, one.chunk.start_line, one.chunk.id))[:limit]

    async def alike(self, tenant: TenantId, name: str, *, where: SearchFilter, limit: int) -> Sequence[ScoredChunk]:
        asked = [trigram_number(trigram) for trigram in name_trigrams(name)]
        if not asked:
            return ()
        async with self._database.tenant(tenant, readonly=True, doing="searching by spelling") as connection:
            scope = await self._scope(connection, tenant, where)
            held = await _held(self._name_sizes, connection, tenant, scope)
            rows = await connection.fetch(load("search", "postings"), tenant, _ids(scope), asked)
            return await self._numbered(connection, tenant, held, partial(score_alike, held, rows, len(asked)), where, limit)

    async def _scope(self, connection: Connection, tenant: TenantId, where: SearchFilter) -> Sequence[Row]:
        """Ids, versions and models of the repositories that are asked; stages that share a transaction read them once."""
        known = self._database.read_before(tenant)
        if where.repositories not in known:
            known[where.repositories] = await connection.fetch(load("search", "scope"), tenant, list(where.repositories))
        rows: Sequence[Row] = known[where.repositories]
        return rows

    async def _numbered(
        self,
        connection: Connection,
        tenant: TenantId,
        held: Sequence[tuple[Any, Sizes]],
        scores: Callable[[int], Scores],
        where: SearchFilter,
        limit: int,
    ) -> list[ScoredChunk]:
        """The best that the filter admits; looks further down until there are enough, or none left."""
        filters, documents = _filters(where), sum(sizes.documents for _, sizes in held)
        looked_at = limit * WIDEN if any(filters) else limit
        while True:
            best = await self._compared(documents, partial(scores, looked_at))
            found = await connection.fetch(load("search", "numbered"), tenant, best.repositories, best.numbers, *filters)
            if len(found) >= limit or len(best.numbers) < looked_at:
                return [_scored(row, best.scores[row["position"] - 1], best.coverages[row["position"] - 1]) for row in found[:limit]]
            looked_at *= WIDEN

    async def _compared(self, chunks: int, compare: Callable[[], Answer]) -> Answer:
        return await asyncio.to_thread(compare) if chunks >= self._many else compare()

    async def files_called(self, tenant: TenantId, names: Sequence[str], *, where: SearchFilter, limit: int) -> Sequence[FileId]:
        keys = [clean(name).lower() for name in names]
        async with self._database.tenant(tenant, readonly=True, doing="looking for files") as connection:
            scope = await self._scope(connection, tenant, where)
            rows = await connection.fetch(load("search", "files_called"), tenant, keys, _ids(scope), limit)
        return [(uuid_of(row["repository_id"]), row["path"]) for row in rows if file_name(row["path"]) in keys]

    async def of_file(self, tenant: TenantId, repository: RepositoryId, path: str) -> Sequence[Chunk]:
        async with self._database.tenant(tenant, readonly=True, doing="reading a file's chunks") as connection:
            return [chunk_of(row) for row in await connection.fetch(load("search", "of_file"), tenant, repository, path)]


async def _held(held: Held[Value], connection: Connection, tenant: TenantId, scope: Sequence[Row]) -> list[tuple[Any, Value]]:
    return [(row["repository_id"], await held.of(connection, tenant, row["repository_id"], row["version"])) for row in scope]


def _ids(scope: Sequence[Row]) -> list[Any]:
    return [row["repository_id"] for row in scope]


def _filters(where: SearchFilter) -> tuple[list[str], list[str], str]:
    return list(where.languages), list(where.kinds), clean(path_expression(where.path)) if where.path else ""


def _scored(row: Row, value: float, coverage: float = 0.0) -> ScoredChunk:
    return ScoredChunk(repository_id=uuid_of(row["repository_id"]), chunk=chunk_of(row), score=value, coverage=coverage)
