"""What the tools answer with: the structured half of every result. Each list is cut to the tool's budget of tokens, and says so."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class Index(Answer):
    """How fresh the index is that an answer was taken from."""

    repository: str
    commit: str
    """Empty for a folder without Git."""
    version: int
    """Grows with every change of the index."""
    indexed_at: datetime
    files: int
    skipped: dict[str, int]
    """Files that are not in the index, by reason."""
    unread: list[str]
    """Files that should be in it and could not be read; the first few."""
    truncated: bool
    """Whether a limit was reached while it was made, so that calls and other edges may be missing."""


class Place(Answer):
    repository: str
    citation: str
    """`path:start-end@commit`."""
    kind: str
    qualified_name: str


class Found(Place):
    score: float
    """Comparable within one answer only."""
    why: list[str]
    """Stages that found it."""
    snippet: str
    """The lines that answer best, from line `snippet_line` on."""
    snippet_line: int


class SearchResult(Answer):
    results: list[Found]
    """Best first."""
    note: str
    """Why there are none, or how little they rest on."""
    indexes: list[Index]
    truncated: bool
    """Whether results were left out to keep the answer short."""


class Passage(Place):
    role: str
    """`match` of the question, or how it is near to one: caller, callee, type, container, member."""
    form: str
    """`whole`, `part`, or `signature`."""
    text: str


class Context(Answer):
    tokens: int
    passages: list[Passage]
    left_out: list[str]
    """Citations of what there was no room for."""
    indexes: list[Index]


class Symbol(Place):
    signature: str
    summary: str
    """First line of its documentation."""


class Symbols(Answer):
    symbols: list[Symbol]
    """The closest match first."""
    suggestions: list[str]
    """Names that come close, where nothing has the name asked for."""
    truncated: bool


class CallSite(Place):
    site: str
    """`path:line` where the call stands."""
    relation: str
    """CALLS, INSTANTIATES, or DISPATCHES for what only subtyping makes possible."""
    origin: str
    """How it was found."""
    confidence: float


class DefinitionCalls(Answer):
    definition: Place
    calls: list[CallSite]


class Calls(Answer):
    definitions: list[DefinitionCalls]
    """For each definition that the name may mean."""
    truncated: bool


class Affected(Place):
    depth: int
    """Steps from what changes."""
    site: str
    relation: str
    confidence: float
    """Of the whole way."""


class ImpactResult(Answer):
    verdict: Literal["yes", "no", "unknown"]
    """Whether anything depends on it. `no` only where nothing else can name it; `unknown` where a use may have left no edge."""
    definitions: list[Place]
    affected: list[Affected]
    """Nearest first."""
    bounds: list[str]
    """Why there may be more than is listed; empty when the list is complete."""


class RepositoryLine(Answer):
    name: str
    location: str
    branch: str
    commit: str
    indexed_at: datetime | None
    """None until the first index is written."""
    files: int
    lines: int


class Repositories(Answer):
    repositories: list[RepositoryLine]
    truncated: bool


class JobLine(Answer):
    status: str
    stage: str
    error: str


class IndexStatus(Answer):
    repository: str
    location: str
    index: Index | None
    """None until the first index is written."""
    job: JobLine | None
    """The newest indexing job that has not ended well, if there is one."""
