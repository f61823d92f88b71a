"""What is asked of background indexing, and what it answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Base64Bytes, Field, StringConstraints, model_validator

from aelus.domain.jobs import JobState, Stage
from aelus.domain.pushes import MAX_COMMIT, MAX_PATH_BYTES, MAX_PUSH_FILES
from aelus.domain.webhooks import Provider
from aelus.entrypoints.http.models import Answer, Branch, Counts, FilePatterns, Location, Request, Text


class WebhookParameters(Request):
    provider: Provider
    repository_id: UUID


class IngestRepository(Request):
    """Exactly one of the two."""

    repository_id: UUID | None = None
    git_url: Location | None = None
    """A repository that is not known yet is recorded first."""
    branch: Branch | None = None
    """That the repository is indexed at from now on, its own by default."""
    file_patterns: FilePatterns | None = None
    """Which files are indexed from now on: globs, those that begin with `!` leave out. An empty list for all."""
    dry_run: bool = False
    """Only say what would change, as the job's `result`; branch and patterns are not kept then."""


class NewFile(Request):
    """Exactly one of the two contents."""

    path: Annotated[Text, StringConstraints(min_length=1, max_length=MAX_PATH_BYTES)]
    """Relative to the repository, with `/`."""
    content: str | None = None
    content_base64: Base64Bytes | None = None
    """For what is no UTF-8."""

    @model_validator(mode="after")
    def _has_one_content(self) -> Self:
        if (self.content is None) == (self.content_base64 is None):
            raise ValueError("give either content or content_base64")
        return self


class IngestFiles(Request):
    """A change of the repository's files, applied as a whole or not at all."""

    repository_id: UUID
    files: tuple[NewFile, ...] = Field((), max_length=MAX_PUSH_FILES)
    """New and changed files, whole."""
    deleted: tuple[Annotated[Text, StringConstraints(min_length=1)], ...] = Field((), max_length=MAX_PUSH_FILES)
    commit: Annotated[str, StringConstraints(max_length=MAX_COMMIT)] = ""
    """What the state after this push is called."""
    dry_run: bool = False
    """Only say which files would change, as the `result` of a job that is done at once."""


class JobsParameters(Request):
    limit: int = Field(50, ge=1, le=100)


class JobParameters(Request):
    job_id: UUID


class RetryJobs(Request):
    job_ids: tuple[UUID, ...] = Field(min_length=1, max_length=100)


class ProgressAnswer(Answer):
    files_processed: int
    files_total: int
    nodes_created: int
    edges_created: int
    embeddings_created: int


class FileErrorAnswer(Answer):
    path: str
    reason: str
    detail: str


class StageErrorAnswer(Answer):
    stage: Stage
    detail: str
    """What is in its way, and what to do."""


class ResultAnswer(Answer):
    """What a job has done to the index, or a dry run would do."""

    commit: str
    files_added: int
    files_changed: int
    files_removed: int
    added: list[str]
    """At most 100 paths, like the two below."""
    changed: list[str]
    removed: list[str]
    counts: Counts | None
    """Of the whole index."""
    nodes_written: int
    edges_written: int
    chunks_written: int
    skipped: dict[str, int]
    """Files left out, by reason."""
    truncated: bool
    """Whether a bound of the linker was hit, so that edges may be missing."""
    seconds: dict[str, float]
    """By stage; stages overlap."""


class JobAnswer(Answer):
    job_id: UUID
    repository_id: UUID
    status: JobState
    stage: Stage
    progress: ProgressAnswer
    attempts: int
    error: str
    next_try_at: datetime | None
    """Of a job that waits for a service that is away."""
    errors: list[FileErrorAnswer]
    stage_errors: list[StageErrorAnswer] = Field(default_factory=list)
    """Of a job that succeeded, asked for by its id: what keeps the vectors from being made that it left to be made behind it."""
    dry_run: bool
    result: ResultAnswer | None
    """Of a job that succeeded."""
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class AcceptedAnswer(Answer):
    job_id: UUID
    status: JobState


class ReceptionAnswer(Answer):
    job_id: UUID | None
    status: Literal["accepted", "ignored"]
    reason: str
    """Why it was ignored."""


class JobsAnswer(Answer):
    items: list[JobAnswer]
