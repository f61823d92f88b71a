"""Jobs: the record of one piece of background work. The record is the truth; a queue only says that there is something to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from aelus.domain.repository import RepositoryId

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
class Job:
    id: JobId
    repository_id: RepositoryId
    state: JobState
    stage: Stage
    progress: Progress
    attempts: int
    error: str
    """Why it failed, in words for its owner; empty otherwise."""
    file_errors: tuple[FileError, ...]
    """At most 100."""
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    request_id: str = ""
    """Of the request that asked for it; empty where there was none."""
