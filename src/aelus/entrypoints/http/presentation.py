"""From domain values to answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aelus.application.find_calls import SymbolCalls
from aelus.application.read_node import NodeSource
from aelus.application.traverse_graph import Subgraph
from aelus.domain.context_pack import ContextPack, Passage, Source
from aelus.domain.graph import Edge
from aelus.domain.jobs import Job, JobResult, StageError
from aelus.domain.repository import IndexCounts, IndexState, Repository
from aelus.domain.search import Hit
from aelus.entrypoints.http import ingestion_models, models
from aelus.ports.graph_store import StoredNode

COUNTS = ("files", "lines", "nodes", "edges", "chunks", "skipped")


def counts_answer(counts: IndexCounts) -> models.Counts:
    return models.Counts(**{name: getattr(counts, name) for name in COUNTS})


def total_counts(repositories: Iterable[Repository]) -> models.Counts:
    indexed = [repository.index.counts for repository in repositories if repository.index]
    return models.Counts(**{name: sum(getattr(counts, name) for counts in indexed) for name in COUNTS})


def repository_answer(repository: Repository) -> models.RepositoryAnswer:
    return models.RepositoryAnswer(
        id=repository.id,
        name=repository.name,
        git_url=None if repository.takes_pushes else repository.location,
        pushed=repository.takes_pushes,
        branch=repository.branch,
        branch_of=repository.branch_of,
        repo_type=repository.kind,
        file_patterns=list(repository.file_patterns),
        created_at=repository.created_at,
        index=_index_answer(repository.index) if repository.index else None,
    )


def stats_answer(repository: Repository, source: Source | None) -> models.RepositoryStats:
    """A repository with what its index lacks."""
    known = repository_answer(repository)
    return models.RepositoryStats(
        **dict(known), skipped=dict(source.skipped) if source else {}, unread=list(source.unread) if source else []
    )


def _index_answer(index: IndexState) -> models.IndexAnswer:
    return models.IndexAnswer(
        commit=index.commit,
        indexed_at=index.indexed_at,
        version=index.version,
        counts=counts_answer(index.counts),
        truncated=index.truncated,
        lacks_vectors=index.lacks_vectors,
        vectors_error=index.vectors_error,
    )


def job_answer(job: Job, stage_errors: Sequence[StageError] = ()) -> ingestion_models.JobAnswer:
    progress = job.progress
    return ingestion_models.JobAnswer(
        job_id=job.id,
        repository_id=job.repository_id,
        status=job.state,
        stage=job.stage,
        progress=ingestion_models.ProgressAnswer(
            files_processed=progress.files_processed,
            files_total=progress.files_total,
            nodes_created=progress.nodes_created,
            edges_created=progress.edges_created,
            embeddings_created=progress.embeddings_created,
        ),
        attempts=job.attempts,
        error=job.error,
        next_try_at=job.next_try_at,
        errors=[ingestion_models.FileErrorAnswer(path=error.path, reason=error.reason, detail=error.detail) for error in job.file_errors],
        stage_errors=[ingestion_models.StageErrorAnswer(stage=error.stage, detail=error.detail) for error in stage_errors],
        dry_run=job.trial is not None,
        result=_result_answer(job.result) if job.result else None,
        created_at=job.created_at,
        started_at=job.started_at,
        ended_at=job.ended_at,
    )


def _result_answer(result: JobResult) -> ingestion_models.ResultAnswer:
    return ingestion_models.ResultAnswer(
        commit=result.commit,
        files_added=result.added,
        files_changed=result.changed,
        files_removed=result.removed,
        added=list(result.paths.added),
        changed=list(result.paths.changed),
        removed=list(result.paths.removed),
        counts=counts_answer(result.counts) if result.counts else None,
        nodes_written=result.nodes_written,
        edges_written=result.edges_written,
        chunks_written=result.chunks_written,
        skipped=dict(result.skipped),
        truncated=result.truncated,
        seconds=dict(result.seconds),
    )


def node_answer(stored: StoredNode) -> models.NodeAnswer:
    node = stored.node
    return models.NodeAnswer(
        id=node.id,
        repository_id=stored.repository_id,
        kind=node.kind,
        name=node.name,
        qualified_name=node.qualified_name,
        path=node.path,
        start_line=node.start_line,
        end_line=node.end_line,
        language=node.language,
        signature=node.signature,
        docstring=node.docstring,
        visibility=node.visibility,
        decorators=list(node.decorators),
    )


def edge_answer(edge: Edge) -> models.EdgeAnswer:
    return models.EdgeAnswer(
        kind=edge.kind, src=edge.src, dst=edge.dst, path=edge.path, line=edge.line, origin=edge.origin, confidence=edge.confidence
    )


def hit_answer(hit: Hit) -> models.HitAnswer:
    chunk = hit.chunk
    return models.HitAnswer(
        repository_id=hit.repository_id,
        repository=hit.repository,
        node_id=chunk.node_id,
        kind=chunk.kind,
        qualified_name=chunk.qualified_name,
        path=chunk.path,
        start_line=chunk.start_line,
        end_line=chunk.end_line,
        language=chunk.language,
        snippet=chunk.text,
        score=hit.score,
        why=list(hit.why),
    )


def context_answer(pack: ContextPack) -> models.ContextAnswer:
    return models.ContextAnswer(
        tokens=pack.tokens,
        text=pack.text,
        sources=[_source_index_answer(source) for source in pack.sources],
        passages=[_passage_answer(passage) for passage in pack.passages],
        left_out=[models.LeftOutAnswer(citation=one.citation, qualified_name=one.qualified_name, role=one.role) for one in pack.left_out],
    )


def _source_index_answer(source: Source) -> models.SourceIndexAnswer:
    return models.SourceIndexAnswer(
        repository_id=source.repository_id,
        repository=source.repository,
        commit=source.commit,
        version=source.version,
        indexed_at=source.indexed_at,
        files=source.files,
        skipped=dict(source.skipped),
        unread=list(source.unread),
        truncated=source.truncated,
    )


def _passage_answer(passage: Passage) -> models.PassageAnswer:
    candidate, shown = passage.candidate, passage.shown
    return models.PassageAnswer(
        citation=passage.citation,
        repository_id=candidate.repository_id,
        path=candidate.path,
        start_line=shown.start_line,
        end_line=shown.end_line,
        kind=candidate.kind,
        qualified_name=candidate.qualified_name,
        node_id=candidate.node_id,
        role=candidate.role,
        relates_to=candidate.relates_to,
        form=shown.form,
        text=shown.text,
    )


def graph_answer(graph: Subgraph) -> models.GraphAnswer:
    return models.GraphAnswer(
        nodes=[node_answer(node) for node in graph.nodes],
        edges=[edge_answer(edge) for edge in graph.edges],
        truncated=graph.truncated,
    )


def source_answer(source: NodeSource) -> models.SourceAnswer:
    return models.SourceAnswer(node=node_answer(source.node), start_line=source.start_line, text=source.text)


def calls_answer(found: SymbolCalls) -> models.CallsAnswer:
    return models.CallsAnswer(
        node=node_answer(found.symbol),
        calls=[models.CallAnswer(node=node_answer(call.other), edge=edge_answer(call.edge)) for call in found.calls],
        truncated=found.truncated,
    )
