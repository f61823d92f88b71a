"""Writing an index: only the difference, all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

from aelus.domain.chunks import Chunk
from aelus.domain.facts import FileFacts
from aelus.domain.graph import CodeNode, Edge
from aelus.domain.quotas import Quotas
from aelus.domain.repository import IndexCounts, RepositoryId
from aelus.domain.search import Vector
from aelus.domain.source import SkippedFile
from aelus.domain.tenancy import TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class FileState:
    """What the index holds for one file. The entry with path `""` stands for what lies in no file (folders, externals).

    Manifests have an entry with an empty language; so has, without nodes, a file that could not be parsed.
    """

    path: str
    language: str
    blob_hash: str
    lines: int
    graph_hash: str
    """Hash of all nodes and edges that were written for the file: an equal one means that there is nothing to write."""
    chunk_hash: str
    """Number of its chunks, a colon, and a hash of their ids and content hashes. To a store it is a text like the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexSnapshot:
    """The stored index of a repository, in hashes."""

    commit: str
    parser_version: str
    model: str
    files: Mapping[str, FileState]
    """By path."""
    skipped: tuple[SkippedFile, ...] = ()
    counts: IndexCounts = field(default_factory=IndexCounts)
    truncated: bool = False
    """Whether the linker hit a bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """The new content of one file's index: it replaces what was there. A part that is None has not changed."""

    state: FileState
    facts: FileFacts | None
    """Facts to keep for `state.blob_hash`; None when they are stored already, or the file has none."""
    nodes: Sequence[CodeNode] | None
    edges: Sequence[Edge] | None
    chunks: Sequence[Chunk] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexChange:
    commit: str
    branch: str
    parser_version: str
    model: str
    changed: Sequence[FileChange]
    removed: Sequence[str]
    """Paths that are in the index and no longer in the repository."""
    vectors: Mapping[str, Vector]
    """Content hash → vector, of those that `missing_vectors` named."""
    skipped: Sequence[SkippedFile]
    counts: IndexCounts
    truncated: bool = False
    """Whether the linker hit a bound."""
    lacking: frozenset[str] = frozenset()
    """Content hashes whose vectors are still to be made: their chunks are found by all but by meaning, until `VectorBacklog.fill`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Rows that were added, changed or removed."""

    nodes: int = 0
    edges: int = 0
    chunks: int = 0


class IndexSession(Protocol):
    """One writer of one repository. Nobody else writes it meanwhile; readers see the old index until `write` returns."""

    async def snapshot(self) -> IndexSnapshot:
        """The stored index; empty for a repository that has none."""
        ...

    async def facts(self, blob_hashes: Sequence[str], *, parser_version: str) -> Mapping[str, FileFacts]:
        """Stored facts by blob hash; those of other versions are absent."""
        ...

    async def missing_vectors(self, content_hashes: Sequence[str], *, model: str) -> Sequence[str]:
        """Those of the hashes that the tenant has no vector of this model for."""
        ...

    async def keep_vectors(self, vectors: Mapping[str, Vector], *, model: str) -> None:
        """Keep vectors by content hash before the index is written, so that a run that fails need not make them again."""
        ...

    async def reserve(self, *, vectors: int, size_bytes: int, most: Quotas) -> None:
        """Set aside room for the whole index that is being made, in place of what was set aside before.

        It is given up with the session, unless `write` has put an index in its place.

        Raises QuotaExceeded: with all that the tenant has, and others of its sessions have set aside, it would be too much.
        """
        ...

    async def write(self, change: IndexChange) -> Written:
        """Apply the change in one transaction: all of it, or nothing.

        Rows that are equal are not touched. Facts and vectors that nothing refers to any more are removed.

        Raises:
            Unavailable: a vector that was not missing is missing now, because the repository that it was kept for is gone.
        """
        ...


class IndexStore(Protocol):
    def session(self, tenant: TenantId, repository: RepositoryId) -> AbstractAsyncContextManager[IndexSession]:
        """Raises:
        Conflict: another process is indexing this repository.
        NotFound: there is no such repository.
        """
        ...
