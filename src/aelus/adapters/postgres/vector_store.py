"""Search in PostgreSQL: nearest by sign codes then vectors, words by the inverted index, names by keys."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final, TypeVar

import numpy as np
from pgvector import HalfVector

from aelus.adapters.postgres.database import Connection, Database
from aelus.adapters.postgres.held import Held, Sized
from aelus.adapters.postgres.held_chunks import HeldChunks, Place
from aelus.adapters.postgres.lexical import (
    LENGTHS,
    NAME_SIZES,
    Scores,
    Sizes,
    read_files,
    read_sizes,
    score,
    score_alike,
    term_number,
    trigram_number,
)
from aelus.adapters.postgres.queries import load
from aelus.adapters.postgres.rows import Row, array_text, chunk_of, clean, uuid_of
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
MAX_FILES_BYTES: Final = 64 * 1024 * 1024
"""Of what is held of which file each chunk is of: 4 bytes for a chunk."""

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
        self._files = Held(read_files, max_bytes=MAX_FILES_BYTES)
        self._chunks = HeldChunks()

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
                numbered = map(array_text, candidates)
                rows = await connection.fetch(load("search", "nearest"), tenant, *numbered, asked, model, limit, *filters)
                if len(rows) >= limit or len(candidates.numbers) < looked_at:
                    places = [(row["repository_id"], row["number"]) for row in rows]
                    return await self._scored(connection, tenant, scope, places, [-row["distance"] for row in rows])
                looked_at *= WIDEN

    async def matching(
        self, tenant: TenantId, terms: Mapping[str, float], *, where: SearchFilter, limit: int, whole_files: bool = False
    ) -> Sequence[ScoredChunk]:
        weights: dict[int, float] = {}
        for term, asked in terms.items():
            weights[term_number(term)] = weights.get(term_number(term), 0.0) + asked
        async with self._database.tenant(tenant, readonly=True, doing="searching by words") as connection:
            scope = await self._scope(connection, tenant, where)
            held = await _held(self._lengths, connection, tenant, scope)
            files = await _held(self._files, connection, tenant, scope) if whole_files else ()
            rows = await connection.fetch(load("search", "postings"), tenant, _ids(scope), list(weights))
            return await self._best(connection, tenant, scope, held, partial(score, held, rows, weights, files=files), where, limit)

    async def named(self, tenant: TenantId, names: Sequence[str], *, where: SearchFilter, limit: int) -> Sequence[ScoredChunk]:
        asked = [clean(name) for name in names]
        dotted = [dotted_name(name)[:400] for name in asked]
        keys = [*dict.fromkeys(key for name in asked for key in (simple_name(name).lower()[:200], name.lower()))]
        async with self._database.tenant(tenant, readonly=True, doing="searching by name") as connection:
            scope = await self._scope(connection, tenant, where)
            rows = await connection.fetch(load("search", "named"), tenant, dotted, keys, _ids(scope), WIDEN * limit)
            found = await self._scored(connection, tenant, scope, [(row["repository_id"], row["number"]) for row in rows])
        named = [replace(one, score=_named_score(asked, one.chunk)) for one in found]
        kept = [one for one in named if one.score > 0 and where.admits(one.chunk)]
        return sorted(kept, key=lambda one: (-one.score, one.chunk.path, one.chunk.start_line, one.chunk.id))[:limit]

    async def alike(self, tenant: TenantId, name: str, *, where: SearchFilter, limit: int) -> Sequence[ScoredChunk]:
        asked = [trigram_number(trigram) for trigram in name_trigrams(name)]
        if not asked:
            return ()
        async with self._database.tenant(tenant, readonly=True, doing="searching by spelling") as connection:
            scope = await self._scope(connection, tenant, where)
            held = await _held(self._name_sizes, connection, tenant, scope)
            rows = await connection.fetch(load("search", "postings"), tenant, _ids(scope), asked)
            return await self._best(connection, tenant, scope, held, partial(score_alike, held, rows, len(asked)), where, limit)

    async def _scope(self, connection: Connection, tenant: TenantId, where: SearchFilter) -> Sequence[Row]:
        """Ids, versions and models of the repositories that are asked; stages that share a transaction read them once."""
        known = self._database.read_before(tenant)
        if where.repositories not in known:
            known[where.repositories] = await connection.fetch(load("search", "scope"), tenant, list(where.repositories))
        rows: Sequence[Row] = known[where.repositories]
        return rows

    async def _best(
        self,
        connection: Connection,
        tenant: TenantId,
        scope: Sequence[Row],
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
            admitted = await _admitted(connection, tenant, best, filters)
            if len(admitted) >= limit or len(best.numbers) < looked_at:
                places = [(best.repositories[at], best.numbers[at]) for at in admitted[:limit]]
                return await self._scored(connection, tenant, scope, places, *_columns(best, admitted[:limit]))
            looked_at *= WIDEN

    async def _scored(
        self,
        connection: Connection,
        tenant: TenantId,
        scope: Sequence[Row],
        places: Sequence[Place],
        scores: Sequence[float] | None = None,
        coverages: Sequence[float] | None = None,
        file_scores: Sequence[float] | None = None,
    ) -> list[ScoredChunk]:
        """The chunks at these places of the scope, in order; what is not given of them is zero."""
        chunks = await self._chunks.of(connection, tenant, {row["repository_id"]: row["version"] for row in scope}, places)
        nothing = [0.0] * len(places)
        return [
            ScoredChunk(repository_id=uuid_of(repository), chunk=chunk, score=value, coverage=coverage, file_score=file_score)
            for (repository, _), chunk, value, coverage, file_score in zip(
                places, chunks, scores or nothing, coverages or nothing, file_scores or nothing, strict=True
            )
            if chunk is not None
        ]

    async def _compared(self, chunks: int, compare: Callable[[], Answer]) -> Answer:
        return await asyncio.to_thread(compare) if chunks >= self._many else compare()

    async def files_called(self, tenant: TenantId, names: Sequence[str], *, where: SearchFilter, limit: int) -> Sequence[FileId]:
        keys = [clean(name).lower() for name in names]
        async with self._database.tenant(tenant, readonly=True, doing="looking for files") as connection:
            scope = await self._scope(connection, tenant, where)
            rows = await connection.fetch(load("search", "files_called"), tenant, keys, _ids(scope), limit)
        return [(uuid_of(row["repository_id"]), row["path"]) for row in rows if file_name(row["path"]) in keys]

    async def languages(self, tenant: TenantId, *, where: SearchFilter) -> Sequence[str]:
        async with self._database.tenant(tenant, readonly=True, doing="reading languages") as connection:
            scope = await self._scope(connection, tenant, where)
            return [row["language"] for row in await connection.fetch(load("search", "languages"), tenant, _ids(scope))]

    async def of_file(self, tenant: TenantId, repository: RepositoryId, path: str) -> Sequence[Chunk]:
        async with self._database.tenant(tenant, readonly=True, doing="reading a file's chunks") as connection:
            return [chunk_of(row) for row in await connection.fetch(load("search", "of_file"), tenant, repository, path)]


async def _held(held: Held[Value], connection: Connection, tenant: TenantId, scope: Sequence[Row]) -> list[tuple[Any, Value]]:
    return [(row["repository_id"], await held.of(connection, tenant, row["repository_id"], row["version"])) for row in scope]


def _ids(scope: Sequence[Row]) -> list[Any]:
    return [row["repository_id"] for row in scope]


def _filters(where: SearchFilter) -> tuple[list[str], list[str], str]:
    return list(where.languages), list(where.kinds), clean(path_expression(where.path)) if where.path else ""


def _columns(best: Scores, places: Sequence[int]) -> tuple[list[float], list[float], list[float]]:
    scores, coverages = [best.scores[at] for at in places], [best.coverages[at] for at in places]
    return scores, coverages, [best.file_scores[at] for at in places] if best.file_scores else []


def _named_score(asked: Sequence[str], chunk: Chunk) -> float:
    return max([named_score(name, chunk.qualified_name, chunk.path) for name in asked], default=0.0)


async def _admitted(connection: Connection, tenant: TenantId, best: Scores, filters: tuple[list[str], list[str], str]) -> Sequence[int]:
    """Where those stand among the best that the filter admits."""
    if not any(filters):
        return range(len(best.numbers))
    numbered = array_text(best.repositories), array_text(best.numbers)
    rows = await connection.fetch(load("search", "admitted"), tenant, *numbered, *filters)
    return [row["position"] - 1 for row in rows]
