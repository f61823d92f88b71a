"""Repositories of a tenant, and what is known of their index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

RepositoryId = UUID
PUSHED: Final = "push:"
"""Beginning of the location of repositories that take pushed files; the name follows that they were made with."""
MAX_VECTORS_ERROR: Final = 500
"""Characters that are kept of why vectors cannot be made."""


class RepositoryKind(StrEnum):
    FRONTEND = "frontend"
    BACKEND = "backend"
    LIBRARY = "library"
    DOCS = "docs"
    MONOREPO = "monorepo"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexCounts:
    files: int = 0
    lines: int = 0
    nodes: int = 0
    edges: int = 0
    chunks: int = 0
    skipped: int = 0
    size_bytes: int = 0
    """Of the files that it was made from; 0 in an index that is older than this figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexState:
    """The index that readers see now."""

    commit: str
    indexed_at: datetime
    version: int
    """Grows by one with every change that was written; caches are keyed by it."""
    counts: IndexCounts
    truncated: bool = False
    """Whether a bound of the linker was hit, so that edges may be missing."""
    lacks_vectors: bool = False
    """Whether vectors are still being made, so that some passages are not yet found by meaning."""
    vectors_error: str = ""
    """Why none could be made when that was tried last, and what to do, in words for its owner; empty where nothing is in the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexStamp:
    """Which index of a repository readers see now: with equal stamps, equal questions have equal answers."""

    repository_id: RepositoryId
    name: str
    version: int
    """0 before the first index."""
    model: str
    """Of its vectors; empty before the first index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    id: RepositoryId
    name: str
    """Unique within the tenant: 1 to 100 of letters, digits, `.`, `_`, `-` and `/`; for a further branch see `branch_name`."""
    location: str
    """Absolute path or URL it is read from."""
    branch: str
    """Branch that is indexed; empty for the location's default."""
    branch_of: RepositoryId | None = None
    """The repository that this is a further branch of: it has its location, its patterns and its secrets, and an index of its own."""
    file_patterns: tuple[str, ...] = ()
    """Which of its files are indexed, see `domain.file_patterns`; all without one."""
    kind: RepositoryKind = RepositoryKind.LIBRARY
    created_at: datetime
    index: IndexState | None = None
    """None until the first index is written."""

    @property
    def takes_pushes(self) -> bool:
        """Whether its files are pushed, and read from nowhere."""
        return self.location.startswith(PUSHED)


def branch_name(repository: str, branch: str) -> str:
    """Name of the index of a further branch."""
    return f"{repository}@{branch}"
