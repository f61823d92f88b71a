"""From a server's answers to the values that commands print."""

from __future__ import annotations

from collections.abc import Mapping

from aelus.domain.chunks import Chunk
from aelus.domain.context_pack import Candidate, ContextPack, LeftOut, Passage, Shown, Source
from aelus.domain.credentials import ApiKey, Lifetime
from aelus.domain.graph import CodeNode, Edge, Origin
from aelus.domain.jobs import FileError, Job, JobResult, Progress
from aelus.domain.repository import IndexCounts, IndexState, Repository
from aelus.domain.search import Hit
from aelus.domain.source import FileChanges
from aelus.entrypoints.http import identity_models, ingestion_models, models
from aelus.ports.graph_store import StoredNode


def counts_of(answer: models.Counts) -> IndexCounts:
    return IndexCounts(**answer.model_dump())


def repository_of(answer: models.RepositoryAnswer) -> Repository:
    index = answer.index
    return Repository(
        id=answer.id,
        name=answer.name,
        location=answer.git_url or "",
        branch=answer.branch,
        branch_of=answer.branch_of,
        file_patterns=tuple(answer.file_patterns),
        kind=answer.repo_type,
        created_at=answer.created_at,
        index=None
        if index is None
        else IndexState(
            commit=index.commit,
            indexed_at=index.indexed_at,
            version=index.version,
            counts=counts_of(index.counts),
            truncated=index.truncated,
            lacks_vectors=index.lacks_vectors,
            vectors_error=index.vectors_error,
        ),
    )


def hit_of(answer: models.HitAnswer) -> Hit:
    chunk = Chunk(
        id="",
        path=answer.path,
        start_line=answer.start_line,
        end_line=answer.end_line,
        kind=answer.kind,
        qualified_name=answer.qualified_name,
        node_id=answer.node_id,
        language=answer.language,
        text=answer.snippet,
        content_hash="",
    )
    return Hit(repository_id=answer.repository_id, repository=answer.repository, chunk=chunk, score=answer.score, why=tuple(answer.why))


def node_of(answer: models.NodeAnswer) -> StoredNode:
    node = CodeNode(
        id=answer.id,
        kind=answer.kind,
        name=answer.name,
        qualified_name=answer.qualified_name,
        path=answer.path,
        start_line=answer.start_line,
        end_line=answer.end_line,
        language=answer.language,
        signature=answer.signature,
        docstring=answer.docstring,
        visibility=answer.visibility,
        decorators=tuple(answer.decorators),
    )
    return StoredNode(repository_id=answer.repository_id, node=node)


def edge_of(answer: models.EdgeAnswer) -> Edge:
    return Edge(answer.kind, answer.src, answer.dst, answer.path, answer.line, Origin(answer.origin), answer.confidence)


def pack_of(answer: models.ContextAnswer, question: str, max_tokens: int) -> ContextPack:
    return ContextPack(
        question=question,
        max_tokens=max_tokens,
        tokens=answer.tokens,
        sources=tuple(Source(**{**source.model_dump(), "unread": tuple(source.unread)}) for source in answer.sources),
        passages=tuple(_passage(passage) for passage in answer.passages),
        left_out=tuple(LeftOut(**one.model_dump()) for one in answer.left_out),
        text=answer.text,
    )


def _passage(answer: models.PassageAnswer) -> Passage:
    shown = Shown(form=answer.form, start_line=answer.start_line, end_line=answer.end_line, text=answer.text)
    candidate = Candidate(
        repository_id=answer.repository_id,
        path=answer.path,
        kind=answer.kind,
        qualified_name=answer.qualified_name,
        node_id=answer.node_id,
        language="",
        role=answer.role,
        worth=1.0,
        relates_to=answer.relates_to,
        forms=(shown,),
    )
    return Passage(candidate=candidate, shown=shown, citation=answer.citation)


def job_of(answer: ingestion_models.JobAnswer) -> Job:
    return Job(
        id=answer.job_id,
        repository_id=answer.repository_id,
        state=answer.status,
        stage=answer.stage,
        progress=Progress(**answer.progress.model_dump()),
        attempts=answer.attempts,
        error=answer.error,
        file_errors=tuple(FileError(**error.model_dump()) for error in answer.errors),
        created_at=answer.created_at,
        started_at=answer.started_at,
        ended_at=answer.ended_at,
        result=None if answer.result is None else _result(answer.result),
    )


def _result(answer: ingestion_models.ResultAnswer) -> JobResult:
    known: Mapping[str, object] = answer.model_dump(
        include={"commit", "nodes_written", "edges_written", "chunks_written", "skipped", "truncated", "seconds"}
    )
    paths = FileChanges(added=tuple(answer.added), changed=tuple(answer.changed), removed=tuple(answer.removed))
    counts = None if answer.counts is None else counts_of(answer.counts)
    added, changed, removed = answer.files_added, answer.files_changed, answer.files_removed
    return JobResult(added=added, changed=changed, removed=removed, paths=paths, counts=counts, **known)  # type: ignore[arg-type] # by name


def key_of(answer: identity_models.ApiKeyAnswer) -> ApiKey:
    life = Lifetime(created_at=answer.created_at, expires_at=answer.expires_at, revoked_at=answer.revoked_at)
    scopes = frozenset(answer.scopes)
    return ApiKey(
        id=answer.id, name=answer.name, prefix=answer.prefix, role=answer.role, scopes=scopes, user_id=answer.user_id, lifetime=life
    )
