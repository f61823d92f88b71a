"""Jobs: the record of one piece of background work. The record is the truth; a queue only says that there is something to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from aelus.domain.repository import IndexCounts, Repository, RepositoryId
from aelus.domain.source import FileChanges

JobId = UUID


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        return self in (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED)


class Stage(StrEnum):
    """Steps of indexing, in order."""

    READ = "read"
    PARSE = "parse"
    LINK = "link"
    EMBED = "embed"
    WRITE = "write"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    files_processed: int = 0
    files_total: int = 0
    nodes_created: int = 0
    edges_created: int = 0
    embeddings_created: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FileError:
    path: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StageError:
    stage: Stage
    detail: str
    """What is in its way, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a dry run looks at in place of what is recorded of the repository; None for the same."""

    branch: str | None = None
    file_patterns: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobResult:
    """What a job has done, or a dry run would have done."""

    commit: str
    added: int
    changed: int
    removed: int
    """Files."""
    paths: FileChanges
    """At most `MAX_NAMED_PATHS` of each."""
    counts: IndexCounts | None
    """Of the whole index; None where nothing was parsed."""
    nodes_written: int = 0
    edges_written: int = 0
    chunks_written: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)
    """Files left out, by reason."""
    truncated: bool = False
    seconds: Mapping[str, float] = field(default_factory=dict)
    """By stage."""


MAX_NAMED_PATHS = 100


def job_result(commit: str, changes: FileChanges, counts: IndexCounts | None) -> JobResult:
    named = FileChanges(
        added=changes.added[:MAX_NAMED_PATHS], changed=changes.changed[:MAX_NAMED_PATHS], removed=changes.removed[:MAX_NAMED_PATHS]
    )
    return JobResult(
        commit=commit, added=len(changes.added), changed=len(changes.changed), removed=len(changes.removed), paths=named, counts=counts
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    id: JobId
    repository_id: RepositoryId
    created_at: datetime
    state: JobState = JobState.QUEUED
    stage: Stage = Stage.READ
    progress: Progress = Progress()
    attempts: int = 0
    error: str = ""
    """Why it failed, or is tried again, in words for its owner; empty otherwise."""
    file_errors: tuple[FileError, ...] = ()
    """At most 100."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    request_id: str = ""
    """Of the request that asked for it; empty where there was none."""
    trial: Trial | None = None
    """Set for a dry run, which writes nothing."""
    result: JobResult | None = None
    """Of a job that succeeded."""
    retries: int = 0
    """Attempts that ended because a service was away."""
    next_try_at: datetime | None = None
    """Of a queued job: it is not begun before."""


def unended_stages(job: Job, repository: Repository) -> tuple[StageError, ...]:
    """What keeps that from ending which the job, having succeeded, left to be done behind it: the vectors of the index that it wrote."""
    index = repository.index
    if index is None or not index.vectors_error or job.trial is not None or job.result is None or job.result.commit != index.commit:
        return ()
    return (StageError(stage=Stage.EMBED, detail=index.vectors_error),)


FIRST_PAUSE_S = 15.0
LONGEST_PAUSE_S = 300.0
PATIENCE_S = 6 * 3600.0
"""How long a job waits for a service that is away, from its first attempt on."""


def retry_pause_s(retries: int) -> float:
    """Seconds before the next attempt after so many that ended because a service was away; it doubles each time."""
    return min(FIRST_PAUSE_S * 2.0 ** min(retries, 16), LONGEST_PAUSE_S)
