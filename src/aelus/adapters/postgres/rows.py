"""Domain values as rows and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import asyncpg
import orjson

from aelus.domain.chunks import Chunk
from aelus.domain.graph import CodeNode, Edge, EdgeKind, NodeKind, Origin
from aelus.domain.jobs import FileError, Job, JobResult, JobState, Progress, Stage, Trial
from aelus.domain.repository import IndexCounts, IndexState, Repository, RepositoryKind
from aelus.domain.source import FileChanges, SkippedFile, SkipReason
from aelus.domain.symbol_names import dotted_name, simple_name

Row = asyncpg.Record | Mapping[str, Any]

NODE_KINDS: Final = {kind.value: kind for kind in NodeKind}
EDGE_KINDS: Final = {kind.value: kind for kind in EdgeKind}
ORIGINS: Final = {origin.value: origin for origin in Origin}


def clean(text: str) -> str:
    """Text as PostgreSQL takes it: neither NUL nor half a surrogate pair."""
    if "\0" in text:
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def array_text(values: Iterable[object]) -> str:
    """Ids or numbers as PostgreSQL reads an array: of a list the driver asks each element twice what it is, longer than all else takes."""
    return f"{{{','.join(map(str, values))}}}"


@lru_cache(maxsize=1 << 12)
def uuid_of(value: Any) -> UUID:
    """The driver's own kind of UUID as Python's, which takes longer to make than to remember: a hundred rows are of one repository."""
    return UUID(bytes=value.bytes)


def node_row(node: CodeNode) -> tuple[Any, ...]:
    return (
        node.id,
        node.kind.value,
        clean(node.name),
        clean(node.qualified_name),
        clean(node.path),
        node.start_line,
        node.end_line,
        node.start_byte,
        node.end_byte,
        node.language,
        clean(node.signature),
        clean(node.docstring),
        node.visibility,
        clean("\n".join(node.decorators)),
        node.content_hash,
        clean(simple_name(node.qualified_name).lower()[:200]),
    )


def node_of(row: Row) -> CodeNode:
    return CodeNode(
        id=row["node_id"].hex,
        kind=NODE_KINDS[row["kind"]],
        name=row["name"],
        qualified_name=row["qualified_name"],
        path=row["path"],
        start_line=row["start_line"],
        end_line=row["end_line"],
        start_byte=row["start_byte"],
        end_byte=row["end_byte"],
        language=row["language"],
        signature=row["signature"],
        docstring=row["docstring"],
        visibility=row["visibility"],
        decorators=tuple(row["decorators"].split("\n")) if row["decorators"] else (),
        content_hash=row["content_hash"],
    )


def edge_row(edge: Edge) -> tuple[Any, ...]:
    kind, src, dst, path, line, origin, confidence = edge
    return kind.value, src, dst, clean(path), line, origin.value, confidence


def edge_of(row: Row) -> Edge:
    return Edge(
        EDGE_KINDS[row["kind"]],
        row["src"].hex,
        row["dst"].hex,
        row["path"],
        row["line"],
        ORIGINS[row["origin"]],
        round(row["confidence"], 4),
    )


def chunk_row(number: int, chunk: Chunk) -> tuple[Any, ...]:
    return (
        number,
        chunk.id,
        chunk.path,
        chunk.start_line,
        chunk.end_line,
        chunk.kind,
        clean(chunk.qualified_name),
        chunk.node_id,
        chunk.language,
        clean(chunk.text),
        chunk.content_hash,
        clean(simple_name(chunk.qualified_name).lower()[:200]),
        clean(dotted_name(chunk.qualified_name)[:400]),
    )


def chunk_of(row: Row) -> Chunk:
    return Chunk(
        id=row["chunk_id"].hex,
        path=row["path"],
        start_line=row["start_line"],
        end_line=row["end_line"],
        kind=row["kind"],
        qualified_name=row["qualified_name"],
        node_id=row["node_id"],
        language=row["language"],
        text=row["text"],
        content_hash=row["content_hash"],
    )


def repository_of(row: Row) -> Repository:
    index = None
    if row["version"]:
        index = IndexState(
            commit=row["commit"],
            indexed_at=row["indexed_at"],
            version=row["version"],
            counts=counts_of(row["counts"]),
            truncated=row["truncated"],
            lacks_vectors=row["vectors_asked_at"] is not None,
            vectors_error=row["vectors_error"] if row["vectors_asked_at"] is not None else "",
        )
    return Repository(
        id=UUID(bytes=row["repository_id"].bytes),
        name=row["name"],
        location=row["location"],
        branch=row["branch"],
        branch_of=None if row["branch_of"] is None else UUID(bytes=row["branch_of"].bytes),
        kind=RepositoryKind(row["kind"]),
        file_patterns=tuple(row["file_patterns"]),
        created_at=row["created_at"],
        index=index,
    )


def counts_of(text: str | None) -> IndexCounts:
    return IndexCounts(**orjson.loads(text)) if text else IndexCounts()


def json_text(value: object) -> str:
    return orjson.dumps(value).decode()


def skipped_text(skipped: Sequence[SkippedFile]) -> str:
    return json_text([(clean(one.path), one.reason.value, clean(one.detail)) for one in skipped])


def skipped_of(text: str) -> tuple[SkippedFile, ...]:
    return tuple(SkippedFile(path=path, reason=SkipReason(reason), detail=detail) for path, reason, detail in orjson.loads(text))


def job_values(job: Job) -> tuple[Any, ...]:
    """State, stage, progress, attempts, error, file errors."""
    errors = json_text([asdict(error) for error in job.file_errors])
    return job.state.value, job.stage.value, json_text(asdict(job.progress)), job.attempts, clean(job.error), clean(errors)


def trial_text(trial: Trial | None) -> str | None:
    return None if trial is None else json_text(asdict(trial))


def trial_of(text: str | None) -> Trial | None:
    if text is None:
        return None
    known = orjson.loads(text)
    patterns = known["file_patterns"]
    return Trial(branch=known["branch"], file_patterns=None if patterns is None else tuple(patterns))


def result_text(result: JobResult | None) -> str | None:
    return None if result is None else clean(json_text(asdict(result)))


def result_of(text: str | None) -> JobResult | None:
    if text is None:
        return None
    known = orjson.loads(text)
    paths = FileChanges(**{kind: tuple(found) for kind, found in known.pop("paths").items()})
    counts = known.pop("counts")
    return JobResult(**known, paths=paths, counts=None if counts is None else IndexCounts(**counts))


def job_of(row: Row) -> Job:
    return Job(
        id=UUID(bytes=row["job_id"].bytes),
        repository_id=UUID(bytes=row["repository_id"].bytes),
        state=JobState(row["state"]),
        stage=Stage(row["stage"]),
        progress=Progress(**orjson.loads(row["progress"])),
        attempts=row["attempts"],
        error=row["error"],
        file_errors=tuple(FileError(**error) for error in orjson.loads(row["file_errors"])),
        created_at=row["created_at"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        request_id=row["request_id"],
        trial=trial_of(row["trial"]),
        result=result_of(row["result"]),
        retries=row["retries"],
        next_try_at=row["next_try_at"],
    )
