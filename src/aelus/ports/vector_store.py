"""Finding chunks: by meaning, by words, by symbol. Chunks are written through `IndexStore`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from aelus.domain.chunks import Chunk
from aelus.domain.repository import RepositoryId
from aelus.domain.search import FileId, ScoredChunk, SearchFilter, Vector
from aelus.domain.tenancy import TenantId


class VectorStore(Protocol):
    async def nearest(self, tenant: TenantId, vector: Vector, *, model: str, where: SearchFilter, limit: int) -> Sequence[ScoredChunk]:
        """Chunks of that model's vectors by cosine similarity (-1 to 1), best first."""
        ...

    async def matching(
        self, tenant: TenantId, terms: Mapping[str, float], *, where: SearchFilter, limit: int, whole_files: bool = False
    ) -> Sequence[ScoredChunk]:
        """Chunks by BM25 over `terms` (term → weight in the query), best first; those without any of the terms are left out.

        The statistics are those of all the tenant's chunks in the filter's repositories. Each also tells its `coverage` of the terms; where
        whole files are asked for, also the `file_score`, whose statistics are those of all files that have chunks.
        """
        ...

    async def named(self, tenant: TenantId, names: Sequence[str], *, where: SearchFilter, limit: int) -> Sequence[ScoredChunk]:
        """Chunks that show a definition with one of these simple or qualified names, or a file with such a name or path; case is ignored.

        Score: 3 qualified name, 2 simple name in the same case, 1.5 in another case, 1 file name or path.
        """
        ...

    async def alike(self, tenant: TenantId, name: str, *, where: SearchFilter, limit: int) -> Sequence[ScoredChunk]:
        """Chunks of definitions and files whose last name is spelt like this one, best first.

        Score: `trigrams.likeness`, at least `LEAST_ALIKE`.
        """
        ...

    async def files_called(self, tenant: TenantId, names: Sequence[str], *, where: SearchFilter, limit: int) -> Sequence[FileId]:
        """Files of the filter's repositories with one of these names, folders left out, in order of their paths; case is ignored."""
        ...

    async def languages(self, tenant: TenantId, *, where: SearchFilter) -> Sequence[str]:
        """Languages of the chunks of the filter's repositories, by name."""
        ...

    async def of_file(self, tenant: TenantId, repository: RepositoryId, path: str) -> Sequence[Chunk]:
        """All chunks of one file, in source order; none for a file that the index does not hold."""
        ...
