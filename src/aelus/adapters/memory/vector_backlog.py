"""Vectors that are still to be made, in memory."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice

from aelus.adapters.memory.state import MemoryDatabase, RepositoryIndex, TenantData
from aelus.domain.chunks import Chunk
from aelus.domain.quotas import Metric
from aelus.domain.repository import MAX_VECTORS_ERROR, RepositoryId
from aelus.domain.search import Vector
from aelus.domain.tenancy import TenantId


class MemoryVectorBacklog:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def lacking(self, tenant: TenantId, repository: RepositoryId, *, model: str, limit: int) -> Sequence[Chunk]:
        data = self._database.of(tenant)
        chunks = (chunk for chunk in _chunks(data.indexes.get(repository), model) if (model, chunk.content_hash) not in data.vectors)
        return list(islice(chunks, limit))

    async def fill(self, tenant: TenantId, repository: RepositoryId, vectors: Mapping[str, Vector], *, model: str) -> int:
        data = self._database.of(tenant)
        index = data.indexes.get(repository)
        held = {chunk.content_hash for chunk in _chunks(index, model)}
        fresh = {(model, content): vector for content, vector in vectors.items() if content in held}
        given = len(fresh.keys() - data.vectors.keys())
        data.meter(Metric.EMBEDDINGS, given)
        data.vectors.update(fresh)
        left = sum((model, chunk.content_hash) not in data.vectors for chunk in _chunks(index, model))
        if left and not given:
            return 0
        if left:
            data.asked_for_vectors[repository] = time.monotonic()
        else:
            data.asked_for_vectors.pop(repository, None)
        if index is not None and index.model == model:
            data.indexes[repository] = replace(index)
            _note(data, repository, lacks_vectors=left > 0)
        return left

    async def refuse(self, tenant: TenantId, repository: RepositoryId, error: str) -> None:
        data = self._database.of(tenant)
        known = data.repositories.get(repository)
        if known is not None and known.index is not None and repository in data.asked_for_vectors:
            state = replace(known.index, vectors_error=error[:MAX_VECTORS_ERROR])
            data.repositories[repository] = replace(known, index=state)

    async def due(self, tenant: TenantId, *, silent_s: float) -> Sequence[RepositoryId]:
        data, now = self._database.of(tenant), time.monotonic()
        found = [repository for repository, asked in data.asked_for_vectors.items() if asked <= now - silent_s]
        data.asked_for_vectors.update(dict.fromkeys(found, now))
        return found


def _note(data: TenantData, repository: RepositoryId, *, lacks_vectors: bool) -> None:
    """Another version, which readers hear of."""
    known = data.repositories[repository]
    if known.index is not None:
        state = replace(known.index, version=known.index.version + 1, lacks_vectors=lacks_vectors, vectors_error="")
        data.repositories[repository] = replace(known, index=state)


def _chunks(index: RepositoryIndex | None, model: str) -> Sequence[Chunk]:
    if index is None or index.model != model:
        return ()
    return [chunk for file in index.files.values() for chunk in file.chunks]
