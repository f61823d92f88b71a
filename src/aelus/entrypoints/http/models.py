"""What travels over HTTP: requests are checked here, answers are written from here. Domain types stay inside."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from aelus.application.pack_context import DEFAULT_TOKENS, MAX_TOKENS, MIN_TOKENS
from aelus.domain.context_pack import Form, Role
from aelus.domain.graph import EdgeKind, NodeKind
from aelus.domain.quotas import Quota
from aelus.domain.repository import RepositoryKind
from aelus.domain.search import Grouping, SearchMode
from aelus.domain.secrets import SecretPurpose
from aelus.domain.source import SkipReason
from aelus.ports.graph_store import Direction

MAX_QUERY_BYTES = 8 * 1024


def _no_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("holds a NUL character")
    return text


def _within_query_limit(text: str) -> str:
    if len(text.encode()) > MAX_QUERY_BYTES:
        raise ValueError(f"has more than {MAX_QUERY_BYTES} bytes")
    if not text.strip():
        raise ValueError("is empty")
    return text


NO_NUL = AfterValidator(_no_nul)
"""Behind the constraints: pydantic words those worse that it checks behind a function."""
Text = Annotated[str, NO_NUL]
Query = Annotated[str, StringConstraints(min_length=1, max_length=MAX_QUERY_BYTES), NO_NUL, AfterValidator(_within_query_limit)]
SymbolName = Annotated[str, StringConstraints(min_length=1, max_length=500), NO_NUL]
RepositoryName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._/-]{1,100}$")]
Location = Annotated[str, StringConstraints(min_length=1, max_length=2048), NO_NUL]
Branch = Annotated[str, StringConstraints(max_length=250), NO_NUL]
NodeIdText = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Language = Annotated[str, StringConstraints(min_length=1, max_length=50), NO_NUL]
"""By its name, or by an ending of its files."""
Kind = Annotated[
    str, StringConstraints(min_length=1, max_length=50), NO_NUL, Field(json_schema_extra={"enum": [kind.value for kind in NodeKind]})
]
"""Checked with the languages, so that a refusal says the same everywhere."""
FilePatterns = Annotated[tuple[Annotated[str, StringConstraints(min_length=1, max_length=501), NO_NUL], ...], Field(max_length=50)]
PathPattern = Annotated[str, StringConstraints(max_length=500), NO_NUL]


class Request(BaseModel):
    """Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


# --- requests ------------------------------------------------------------------------------------------------------------------------


class NoParameters(Request):
    pass


class PageParameters(Request):
    limit: int = Field(50, ge=1, le=100)
    cursor: Annotated[str, StringConstraints(max_length=200), NO_NUL] = ""
    """`next_cursor` of the page before."""


class RepositoryParameters(Request):
    repository_id: UUID


class LeftOutParameters(RepositoryParameters):
    limit: int = Field(100, ge=1, le=1000)
    cursor: Annotated[str, StringConstraints(max_length=8192), NO_NUL] = ""
    """`next_cursor` of the page before."""


class NewRepository(Request):
    git_url: Location | None = None
    """Address of a Git repository; an absolute path where the server allows it. Absent where files are pushed."""
    pushed: bool = False
    """Whether its files are pushed with `POST /ingest/files`. It needs a name then."""
    name: RepositoryName | None = None
    """By default the last part of the address."""
    branch: Branch = ""
    """By default the repository's own."""
    repo_type: RepositoryKind = RepositoryKind.LIBRARY


class RepositoryPatch(Request):
    name: RepositoryName | None = None
    git_url: Location | None = None
    branch: Branch | None = None
    repo_type: RepositoryKind | None = None
    file_patterns: FilePatterns | None = None
    """Which files are indexed: globs, those that begin with `!` leave out. An empty list for all."""


class SecretParameters(Request):
    repository_id: UUID
    purpose: SecretPurpose


class NewSecret(Request):
    secret: SecretStr = Field(min_length=1, max_length=32_768)
    """`credential`: `user:password` or a token alone. `ssh_key`: a private key without a passphrase. `known_hosts`: lines of that file.
    `webhook`: at least 16 characters."""


class Search(Request):
    query: Query
    repository_ids: tuple[UUID, ...] = Field((), max_length=100)
    languages: tuple[Language, ...] = Field((), max_length=50)
    kinds: tuple[Kind, ...] = Field((), max_length=50)
    path: PathPattern = ""
    """Glob, or a part of the path."""
    top_k: int = Field(10, ge=1, le=100)
    mode: SearchMode = SearchMode.HYBRID
    group: Grouping = Grouping.SPREAD
    """`spread`: a file's passages behind its best count a little less; `none`: as much; `file`: only the best of each file."""


class Context(Request):
    query: Query
    repository_ids: tuple[UUID, ...] = Field((), max_length=100)
    languages: tuple[Language, ...] = Field((), max_length=50)
    kinds: tuple[Kind, ...] = Field((), max_length=50)
    path: PathPattern = ""
    """Glob, or a part of the path."""
    mode: SearchMode = SearchMode.HYBRID
    max_tokens: int = Field(DEFAULT_TOKENS, ge=MIN_TOKENS, le=MAX_TOKENS)
    """Of `text` in the answer, estimated from above."""
    neighbours: bool = True
    """Whether callers, callees, types and containers of what is found are packed too."""


class Traversal(Request):
    start: NodeIdText
    edge_kinds: tuple[EdgeKind, ...] = Field((), max_length=50)
    """All, when none is named."""
    direction: Direction = Direction.OUT
    max_depth: int = Field(1, ge=1, le=10)
    limit: int = Field(200, ge=1, le=2000)
    """Nodes in the answer."""


class NodeParameters(Request):
    node_id: NodeIdText


class NodesParameters(Request):
    name: SymbolName
    """Simple name, its last parts (`Class.method`) or the full qualified name."""
    kind: tuple[Kind, ...] = ()
    repository_id: tuple[UUID, ...] = ()
    language: tuple[Language, ...] = ()
    path: PathPattern = ""
    """Glob, or a part of the path."""
    limit: int = Field(50, ge=1, le=100)


class Rerank(Request):
    query: Query
    texts: Annotated[list[Text], Field(max_length=500)]
    """Each at most 32 KiB, and all together at most 1,000,000 characters."""
    top_k: int | None = Field(None, ge=1, le=500)
    """All, best first, without it."""


class StatsParameters(Request):
    repository_id: tuple[UUID, ...] = ()
    """All, when none is named."""


class CallsParameters(Request):
    node_id: NodeIdText
    limit: int = Field(200, ge=1, le=1000)


# --- answers -------------------------------------------------------------------------------------------------------------------------


class Health(Answer):
    status: Literal["ok"] = "ok"


class ReadinessAnswer(Answer):
    status: Literal["ready", "not ready"]
    checks: dict[str, bool]


class Counts(Answer):
    files: int
    lines: int
    nodes: int
    edges: int
    chunks: int
    skipped: int


class IndexAnswer(Answer):
    commit: str
    indexed_at: datetime
    version: int
    counts: Counts
    truncated: bool
    """Whether a bound of the linker was hit, so that edges may be missing."""
    lacks_vectors: bool = False
    """Whether vectors are still being made, so that some passages are not yet found by meaning."""
    vectors_error: str = ""
    """Why none could be made when that was tried last, and what to do; empty where nothing is in the way."""


class RepositoryAnswer(Answer):
    id: UUID
    name: str
    git_url: str | None
    """Absent where files are pushed."""
    pushed: bool
    branch: str
    branch_of: UUID | None
    """The repository that this is a further branch of; searches that name no repository leave it out."""
    repo_type: RepositoryKind
    file_patterns: list[str]
    created_at: datetime
    index: IndexAnswer | None
    """Absent until the first index is written."""


class RepositoryPageAnswer(Answer):
    items: list[RepositoryAnswer]
    next_cursor: str | None


class LeftOutFileAnswer(Answer):
    path: str
    """A folder that is left out as a whole ends in `/`."""
    reason: SkipReason
    detail: str


class LeftOutPageAnswer(Answer):
    items: list[LeftOutFileAnswer]
    """By path."""
    next_cursor: str | None


class NodeAnswer(Answer):
    id: str
    repository_id: UUID
    kind: NodeKind
    name: str
    qualified_name: str
    path: str
    start_line: int
    end_line: int
    language: str
    signature: str
    docstring: str
    visibility: str
    decorators: list[str]


class EdgeAnswer(Answer):
    kind: EdgeKind
    src: str
    dst: str
    path: str
    line: int
    origin: str
    confidence: float


class HitAnswer(Answer):
    repository_id: UUID
    repository: str
    node_id: str
    """Empty when the passage shows several definitions."""
    kind: str
    qualified_name: str
    path: str
    start_line: int
    end_line: int
    language: str
    snippet: str
    score: float
    why: list[str]
    """Stages that found it."""


class SearchAnswer(Answer):
    results: list[HitAnswer]
    note: str
    """Why there are none, or how little they rest on; empty where there is nothing to say."""


class SourceIndexAnswer(Answer):
    """An index that passages were taken from."""

    repository_id: UUID
    repository: str
    commit: str
    version: int
    indexed_at: datetime
    files: int
    skipped: dict[str, int]
    """Files left out of the index, by reason."""
    unread: list[str]
    """Files that should be in the index and could not be read; the first few."""
    truncated: bool
    """Whether a bound of the linker was hit, so that edges may be missing."""


class PassageAnswer(Answer):
    citation: str
    """`path:start-end@commit`; `v` and the number of the index where there is no commit."""
    repository_id: UUID
    path: str
    start_line: int
    end_line: int
    kind: str
    qualified_name: str
    node_id: str
    role: Role
    """A match of the question, or how it is near to one."""
    relates_to: str
    """The match that it is near to."""
    form: Form
    text: str


class LeftOutAnswer(Answer):
    citation: str
    qualified_name: str
    role: Role


class ContextAnswer(Answer):
    tokens: int
    """Of `text`, estimated from above."""
    text: str
    """The pack as Markdown."""
    sources: list[SourceIndexAnswer]
    passages: list[PassageAnswer]
    left_out: list[LeftOutAnswer]
    """Passages that there was no room for."""


class GraphAnswer(Answer):
    nodes: list[NodeAnswer]
    edges: list[EdgeAnswer]
    truncated: bool


class NodesAnswer(Answer):
    items: list[NodeAnswer]
    suggestions: list[str]
    """Qualified names that come close, where nothing has the name asked for."""


class SourceAnswer(Answer):
    node: NodeAnswer
    start_line: int
    text: str


class CallAnswer(Answer):
    node: NodeAnswer
    """The caller, or the callee."""
    edge: EdgeAnswer


class CallsAnswer(Answer):
    node: NodeAnswer
    calls: list[CallAnswer]
    truncated: bool


class RankedTextAnswer(Answer):
    index: int
    """Place of the text in the request."""
    score: float
    """0 to 1; comparable within one answer only."""


class RerankAnswer(Answer):
    results: list[RankedTextAnswer]
    """Best first."""


class RepositoryStats(RepositoryAnswer):
    skipped: dict[str, int]
    """Files that the index leaves out, by reason."""
    unread: list[str]
    """Some of those that would be in it, had they been read."""


class StatsAnswer(Answer):
    repositories: list[RepositoryStats]
    totals: Counts


class FieldError(Answer):
    loc: list[str | int]
    msg: str


class Problem(Answer):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    errors: list[FieldError] | None = None


class QuotaProblem(Problem):
    quota: Quota
    limit: int
    usage: int
