"""Writing an index in memory: a new one is built beside the old one, then takes its place."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from aelus.adapters.memory.state import FileIndex, MemoryDatabase, RepositoryIndex, TenantData
from aelus.domain.facts import FileFacts
from aelus.domain.quotas import GIGABYTE, Metric, Quota, Quotas
from aelus.domain.repository import IndexState, RepositoryId
from aelus.domain.search import Vector
from aelus.domain.tenancy import TenantId, whole
from aelus.ports.clock import Clock
from aelus.ports.errors import Conflict, NotFound, QuotaExceeded, Unavailable
from aelus.ports.index_store import FileChange, IndexChange, IndexSnapshot, Written


class MemoryIndexStore:
    def __init__(self, database: MemoryDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @asynccontextmanager
    async def session(self, tenant: TenantId, repository: RepositoryId) -> AsyncIterator[MemoryIndexSession]:
        known = self._database.of(tenant).repositories.get(repository)
        if known is None:
            raise NotFound(f"There is no repository {repository}.")
        data = self._database.of(whole(tenant))
        if repository in data.writing:
            raise Conflict(f"The repository {known.name!r} is being indexed already.", "Wait until that has ended.")
        data.writing.add(repository)
        try:
            yield MemoryIndexSession(data, repository, self._clock)
        finally:
            data.writing.discard(repository)
            data.reserved.pop(repository, None)


class MemoryIndexSession:
    def __init__(self, data: TenantData, repository: RepositoryId, clock: Clock) -> None:
        self._data = data
        self._repository = repository
        self._clock = clock

    def _index(self) -> RepositoryIndex:
        return self._data.indexes.get(self._repository) or RepositoryIndex()

    async def snapshot(self) -> IndexSnapshot:
        index = self._index()
        return IndexSnapshot(
            commit=index.commit,
            parser_version=index.parser_version,
            model=index.model,
            files={path: file.state for path, file in index.files.items()},
            skipped=index.skipped,
            counts=index.counts,
            truncated=index.truncated,
        )

    async def facts(self, blob_hashes: Sequence[str], *, parser_version: str) -> Mapping[str, FileFacts]:
        known = self._data.facts
        return {blob: known[blob, parser_version] for blob in blob_hashes if (blob, parser_version) in known}

    async def missing_vectors(self, content_hashes: Sequence[str], *, model: str) -> Sequence[str]:
        return [content for content in dict.fromkeys(content_hashes) if (model, content) not in self._data.vectors]

    async def reserve(self, *, vectors: int, size_bytes: int, most: Quotas) -> None:
        before, held = self._data.holdings(), self._data.reserved.get(self._repository)
        self._data.reserved[self._repository] = vectors, size_bytes
        after = self._data.holdings()
        refusal = None
        if after.vectors > most.vectors:
            refusal = QuotaExceeded(Quota.VECTORS, most.vectors, before.vectors)
        elif after.storage_bytes > most.storage_bytes:
            refusal = QuotaExceeded(Quota.STORAGE_GB, most.storage_gb, before.storage_bytes // GIGABYTE)
        if refusal is not None:
            self._data.reserved[self._repository] = held or (0, 0)
            raise refusal

    async def keep_vectors(self, vectors: Mapping[str, Vector], *, model: str) -> None:
        self._data.meter(Metric.EMBEDDINGS, sum((model, content) not in self._data.vectors for content in vectors))
        self._data.vectors.update({(model, content): vector for content, vector in vectors.items()})

    async def write(self, change: IndexChange) -> Written:
        old = self._index()
        files = {path: file for path, file in old.files.items() if path not in set(change.removed)}
        files.update({one.state.path: _changed(old.files.get(one.state.path), one) for one in change.changed})
        self._check_vectors(change, files.values())
        written = _count(old.files, files)
        self._keep(change)
        self._data.indexes[self._repository] = RepositoryIndex(
            commit=change.commit,
            parser_version=change.parser_version,
            model=change.model,
            files=files,
            skipped=tuple(change.skipped),
            counts=change.counts,
            truncated=change.truncated,
        )
        self._ask_for_vectors(change, old)
        self._note(change)
        self._data.reserved.pop(self._repository, None)
        self._data.meter(Metric.FILES_INDEXED, sum(bool(one.state.path and one.state.language) for one in change.changed))
        self._data.meter(Metric.CHUNKS_WRITTEN, written.chunks)
        self._data.drop_unused()
        return written

    def _ask_for_vectors(self, change: IndexChange, old: RepositoryIndex) -> None:
        if change.lacking:
            self._data.asked_for_vectors[self._repository] = time.monotonic()
        elif old.model != change.model:
            self._data.asked_for_vectors.pop(self._repository, None)

    def _check_vectors(self, change: IndexChange, files: Iterable[FileIndex]) -> None:
        """Of the files that are written: those of the others may be on their way."""
        written = {one.state.path for one in change.changed if one.chunks is not None}
        contents = {chunk.content_hash for file in files for chunk in file.chunks if file.state.path in written} - change.lacking
        if lost := sum(content not in change.vectors and (change.model, content) not in self._data.vectors for content in contents):
            raise Unavailable(f"{lost} vectors were removed with another repository before this one was written.", "Index it again.")

    def _keep(self, change: IndexChange) -> None:
        for one in change.changed:
            if one.facts is not None:
                self._data.facts[one.state.blob_hash, change.parser_version] = one.facts
        self._data.meter(Metric.EMBEDDINGS, sum((change.model, content) not in self._data.vectors for content in change.vectors))
        self._data.vectors.update({(change.model, content): vector for content, vector in change.vectors.items()})

    def _note(self, change: IndexChange) -> None:
        repository = self._data.repositories[self._repository]
        version = repository.index.version + 1 if repository.index else 1
        lacks_vectors = self._repository in self._data.asked_for_vectors
        state = IndexState(
            commit=change.commit,
            indexed_at=self._clock.now(),
            version=version,
            counts=change.counts,
            truncated=change.truncated,
            lacks_vectors=lacks_vectors,
            vectors_error=repository.index.vectors_error if repository.index and lacks_vectors else "",
        )
        self._data.repositories[self._repository] = replace(repository, index=state)


def _changed(old: FileIndex | None, change: FileChange) -> FileIndex:
    base = old or FileIndex(state=change.state)
    return FileIndex(
        state=change.state,
        nodes=base.nodes if change.nodes is None else tuple(change.nodes),
        edges=base.edges if change.edges is None else tuple(change.edges),
        chunks=base.chunks if change.chunks is None else tuple(change.chunks),
    )


def _count(old: Mapping[str, FileIndex], new: Mapping[str, FileIndex]) -> Written:
    paths = [path for path in {*old, *new} if old.get(path) is not new.get(path)]
    before, after = [old[path] for path in paths if path in old], [new[path] for path in paths if path in new]
    return Written(
        nodes=_difference(((n.id, n) for file in before for n in file.nodes), ((n.id, n) for file in after for n in file.nodes)),
        edges=_difference(((e[:5], e) for file in before for e in file.edges), ((e[:5], e) for file in after for e in file.edges)),
        chunks=_difference(((c.id, c) for file in before for c in file.chunks), ((c.id, c) for file in after for c in file.chunks)),
    )


def _difference(before: Iterable[tuple[object, object]], after: Iterable[tuple[object, object]]) -> int:
    """Rows that were added, changed or removed, by their keys."""
    old, new = dict(before), dict(after)
    return sum(1 for key in {*old, *new} if key not in old or key not in new or old[key] != new[key])
