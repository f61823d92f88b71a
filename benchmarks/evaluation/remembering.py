"""What answers the same question once: variants of the ranking share what the stages find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aelus.adapters.memory import MemoryVectorStore
from aelus.domain.chunks import Chunk
from aelus.domain.repository import RepositoryId
from aelus.domain.search import FileId, ScoredChunk, SearchFilter, Vector
from aelus.domain.tenancy import TenantId
from aelus.ports.affinity import Affinity

Found = Sequence[ScoredChunk]


class RememberingVectorStore(MemoryVectorStore):
    """In memory, for one tenant and repository."""

    def __init__(self, store: MemoryVectorStore) -> None:
        self._store = store
        self._known: dict[object, Found] = {}

    async def nearest(self, tenant: TenantId, vector: Vector, *, model: str, where: SearchFilter, limit: int) -> Found:
        key = ("nearest", vector.tobytes(), model, where, limit)
        if key not in self._known:
            self._known[key] = await self._store.nearest(tenant, vector, model=model, where=where, limit=limit)
        return self._known[key]

    async def matching(
        self, tenant: TenantId, terms: Mapping[str, float], *, where: SearchFilter, limit: int, whole_files: bool = False
    ) -> Found:
        key = ("matching", frozenset(terms.items()), where, limit, whole_files)
        if key not in self._known:
            self._known[key] = await self._store.matching(tenant, terms, where=where, limit=limit, whole_files=whole_files)
        return self._known[key]

    async def named(self, tenant: TenantId, names: Sequence[str], *, where: SearchFilter, limit: int) -> Found:
        key = ("named", tuple(names), where, limit)
        if key not in self._known:
            self._known[key] = await self._store.named(tenant, names, where=where, limit=limit)
        return self._known[key]

    async def alike(self, tenant: TenantId, name: str, *, where: SearchFilter, limit: int) -> Found:
        key = ("alike", name, where, limit)
        if key not in self._known:
            self._known[key] = await self._store.alike(tenant, name, where=where, limit=limit)
        return self._known[key]

    async def languages(self, tenant: TenantId, *, where: SearchFilter) -> Sequence[str]:
        return await self._store.languages(tenant, where=where)

    async def files_called(self, tenant: TenantId, names: Sequence[str], *, where: SearchFilter, limit: int) -> Sequence[FileId]:
        return await self._store.files_called(tenant, names, where=where, limit=limit)

    async def of_file(self, tenant: TenantId, repository: RepositoryId, path: str) -> Sequence[Chunk]:
        return await self._store.of_file(tenant, repository, path)


class RememberingAffinity:
    """Of the last passages, in whatever order they were asked."""

    def __init__(self, affinity: Affinity) -> None:
        self._affinity = affinity
        self._known: dict[object, Sequence[Mapping[str, float]]] = {}

    async def measure(self, question: str, *views: Sequence[str]) -> Sequence[Sequence[float]]:
        key = question, *(frozenset(map(hash, view)) for view in views)
        if key not in self._known:
            measured = await self._affinity.measure(question, *views)
            self._known[key] = [dict(zip(view, found, strict=True)) for view, found in zip(views, measured, strict=True)]
        return [[known[passage] for passage in view] for known, view in zip(self._known[key], views, strict=True)]
