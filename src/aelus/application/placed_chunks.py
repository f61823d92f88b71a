"""Chunks with the lines that a question names: `client.py:52`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from aelus.domain.query_places import Place, query_places
from aelus.domain.repository import RepositoryId
from aelus.domain.search import FileId, ScoredChunk, SearchFilter
from aelus.domain.tenancy import TenantId
from aelus.ports.vector_store import VectorStore

MAX_FILES = 5000
"""Of the names in one question: there may be many called `index.js`."""


class PlacedChunks:
    def __init__(self, vectors: VectorStore) -> None:
        self._vectors = vectors

    async def __call__(self, tenant: TenantId, query: str, *, where: SearchFilter) -> Sequence[ScoredChunk]:
        """Those that the filter admits, in the order of the question; none where it names no place."""
        places = query_places(query)
        if not places:
            return ()
        found: list[ScoredChunk] = []
        for (repository, path), meant in (await self._files(tenant, places, where)).items():
            found += [
                ScoredChunk(repository_id=repository, chunk=chunk, score=1.0)
                for chunk in await self._vectors.of_file(tenant, repository, path)
                if any(place.meets(chunk.start_line, chunk.end_line) for place in meant) and where.admits(chunk)
            ]
        return found

    async def _files(self, tenant: TenantId, places: Sequence[Place], where: SearchFilter) -> dict[FileId, list[Place]]:
        """The files that may be meant, each with the places in it."""
        names = tuple(dict.fromkeys(place.file for place in places))
        known: dict[RepositoryId, set[str]] = defaultdict(set)
        for repository, path in await self._vectors.files_called(tenant, names, where=where, limit=MAX_FILES):
            known[repository].add(path)
        meant: dict[FileId, list[Place]] = defaultdict(list)
        for place in places:
            for repository, paths in known.items():
                for path in place.likeliest(paths):
                    meant[repository, path].append(place)
        return meant
