"""A context pack: the code that answers a question, within a budget of tokens, with citations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aelus.domain.repository import RepositoryId


class Role(StrEnum):
    """Why a passage is in the pack."""

    MATCH = "match"
    """The search found it."""
    CALLER = "caller"
    CALLEE = "callee"
    TYPE = "type"
    """A type that a match takes, returns, builds on or makes."""
    CONTAINER = "container"
    """The class that a match lies in."""
    MEMBER = "member"
    """Of a class that is a match."""


class Form(StrEnum):
    WHOLE = "whole"
    PART = "part"
    """The lines of it that answer best."""
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One way to show a passage. Lines are 1-based and inclusive."""

    form: Form
    start_line: int
    end_line: int
    """Of a signature: the lines of what it is the signature of."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A passage that may be packed."""

    repository_id: RepositoryId
    path: str
    kind: str
    qualified_name: str
    node_id: str
    language: str
    role: Role
    worth: float
    """0 to 1, 1 for the best match."""
    relates_to: str = ""
    """Qualified name of the match that it is a neighbour of; empty for a match."""
    forms: tuple[Shown, ...]
    """From the fullest to the shortest; at least one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The index of one repository that a pack was made from, and how far it can be trusted."""

    repository_id: RepositoryId
    repository: str
    commit: str
    """Empty for a folder without Git."""
    version: int
    indexed_at: datetime
    files: int
    skipped: Mapping[str, int]
    """Files left out of the index, by reason."""
    unread: tuple[str, ...]
    """Those left out though they should be in it: too large, too slow to parse, not to be read."""

    truncated: bool
    """Whether a bound of the linker was hit, so that edges may be missing."""

    @property
    def revision(self) -> str:
        """The commit, shortened; the number of the index where there is none."""
        return self.commit[:12] or f"v{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    candidate: Candidate
    shown: Shown
    citation: str
    """`path:start-end@commit`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A passage that there was no room for."""

    citation: str
    qualified_name: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextPack:
    question: str
    max_tokens: int
    tokens: int
    """Of `text`, estimated from above; never more than `max_tokens`."""
    sources: tuple[Source, ...]
    passages: tuple[Passage, ...]
    """Matches, best first; then neighbours."""
    left_out: tuple[LeftOut, ...]
    text: str
    """The pack as Markdown."""


def citation(path: str, shown: Shown, revision: str) -> str:
    """`path:start-end@revision`."""
    return f"{path}:{shown.start_line}-{shown.end_line}@{revision}"
