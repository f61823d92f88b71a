"""Questions to the index and their answers."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from aelus.domain.chunks import Chunk
from aelus.domain.graph import NodeId
from aelus.domain.path_pattern import path_matcher
from aelus.domain.repository import RepositoryId

Vector: TypeAlias = "array[float]"
"""Shape: (dimensions,) float32 (`array("f")`), unit length."""

FileId: TypeAlias = tuple[RepositoryId, str]
"""A repository and a path in it."""


class SearchMode(StrEnum):
    HYBRID = "hybrid"
    VECTOR = "vector"
    LEXICAL = "lexical"


class Grouping(StrEnum):
    """How hits are spread."""

    SPREAD = "spread"
    """The best passages; those that are not the best of their file count a little less."""
    NONE = "none"
    """The best passages, however many of one file."""
    FILE = "file"
    """The best passage of each file: more files, fewer places in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchFilter:
    """What a hit must satisfy; an empty field admits all."""

    repositories: tuple[RepositoryId, ...] = ()
    languages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    path: str = ""
    """Glob over the path: `src/**/*.py`; a plain text matches as a prefix or a part."""

    def admits(self, chunk: Chunk) -> bool:
        """Whether a chunk of an admitted repository satisfies the rest."""
        return (
            (not self.languages or chunk.language in self.languages)
            and (not self.kinds or chunk.kind in self.kinds)
            and (not self.path or path_matcher(self.path).search(chunk.path) is not None)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredChunk:
    """A chunk as one retrieval stage found it; `score` is that stage's own, higher is better."""

    repository_id: RepositoryId
    chunk: Chunk
    score: float
    coverage: float = 0.0
    """Share of the asked words, each weighted by how rare it is, that the chunk holds; of the lexical stage only."""
    file_score: float = 0.0
    """BM25 of its whole file, where the lexical stage was asked for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """What the graph says of some nodes."""

    uses: Mapping[NodeId, int]
    """How often a node is called, instantiated, referred to or inherited from; counted up to `MOST_USES`. Unused nodes are left out."""
    calls: Sequence[tuple[NodeId, NodeId]]
    """Caller and callee among the nodes, each pair once."""


MOST_USES: Final = 64
NO_TIES: Final = Ties(uses={}, calls=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One answer of a search."""

    repository_id: RepositoryId
    repository: str
    chunk: Chunk
    score: float
    """Fused score, higher is better; comparable within one answer only."""
    why: tuple[str, ...]
    """What speaks for it: the stages that found it, `lexical`, `vector`, `symbol`, `spelling` (of a name like the asked one), `path`, and
    `graph` for a neighbour of the best hits.
    """
