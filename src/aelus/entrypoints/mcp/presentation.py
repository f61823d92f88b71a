"""From domain values to the tools' answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aelus.application.assess_impact import Dependant, Impact
from aelus.application.find_calls import Call, SymbolCalls
from aelus.domain.context_pack import ContextPack, Source
from aelus.domain.jobs import Job, JobState
from aelus.domain.repository import Repository, RepositoryId
from aelus.domain.search import Hit
from aelus.domain.snippets import snippet
from aelus.entrypoints.mcp import answers
from aelus.ports.graph_store import StoredNode

Sources = Mapping[RepositoryId, Source]
MAX_SUMMARY = 160
MAX_SIGNATURE = 400


def index(source: Source) -> answers.Index:
    return answers.Index(
        repository=source.repository,
        commit=source.commit,
        version=source.version,
        indexed_at=source.indexed_at,
        files=source.files,
        skipped=dict(source.skipped),
        unread=list(source.unread),
        truncated=source.truncated,
    )


def found(hit: Hit, query: str, sources: Sources) -> answers.Found:
    chunk, best = hit.chunk, snippet(hit.chunk, query)
    source = sources.get(hit.repository_id)
    return answers.Found(
        repository=hit.repository,
        citation=_citation(chunk.path, chunk.start_line, chunk.end_line, source),
        kind=chunk.kind,
        qualified_name=chunk.qualified_name,
        score=round(hit.score, 4),
        why=list(hit.why),
        snippet=best.text,
        snippet_line=best.start_line,
    )


def context(pack: ContextPack) -> answers.Context:
    names = {source.repository_id: source.repository for source in pack.sources}
    return answers.Context(
        tokens=pack.tokens,
        passages=[
            answers.Passage(
                repository=names[one.candidate.repository_id],
                citation=one.citation,
                kind=one.candidate.kind,
                qualified_name=one.candidate.qualified_name,
                role=one.candidate.role,
                form=one.shown.form,
                text=one.shown.text,
            )
            for one in pack.passages
        ],
        left_out=[one.citation for one in pack.left_out],
        indexes=[index(source) for source in pack.sources],
    )


def place(stored: StoredNode, sources: Sources) -> answers.Place:
    node, source = stored.node, sources[stored.repository_id]
    return answers.Place(
        repository=source.repository,
        citation=_citation(node.path, node.start_line, node.end_line, source),
        kind=node.kind,
        qualified_name=node.qualified_name,
    )


def symbol(stored: StoredNode, sources: Sources) -> answers.Symbol:
    summary = stored.node.docstring.strip().partition("\n")[0]
    return answers.Symbol(
        **place(stored, sources).model_dump(),
        signature=" ".join(stored.node.signature.split())[:MAX_SIGNATURE],
        summary=summary[:MAX_SUMMARY],
    )


def definition_calls(found: SymbolCalls, sources: Sources) -> answers.DefinitionCalls:
    known = [call for call in found.calls if call.other.repository_id in sources]
    return answers.DefinitionCalls(definition=place(found.symbol, sources), calls=[_call_site(call, sources) for call in known])


def _call_site(call: Call, sources: Sources) -> answers.CallSite:
    edge = call.edge
    return answers.CallSite(
        **place(call.other, sources).model_dump(),
        site=f"{edge.path}:{edge.line}",
        relation=edge.kind,
        origin=edge.origin,
        confidence=edge.confidence,
    )


def affected(one: Dependant, sources: Sources) -> answers.Affected:
    return answers.Affected(
        **place(one.node, sources).model_dump(),
        depth=one.depth,
        site=f"{one.edge.path}:{one.edge.line}",
        relation=one.edge.kind,
        confidence=round(one.confidence, 3),
    )


def impact(found: Impact, shown: list[answers.Affected], sources: Sources, *, cut: bool) -> answers.ImpactResult:
    bounds = [*found.bounds, *(["the answer was cut to its size"] if cut else ())]
    definitions = [place(stored, sources) for stored in found.definitions if stored.repository_id in sources]
    return answers.ImpactResult(verdict=found.verdict.value, definitions=definitions, affected=shown, bounds=bounds)


def repository_line(repository: Repository) -> answers.RepositoryLine:
    state = repository.index
    return answers.RepositoryLine(
        name=repository.name,
        location=repository.location,
        branch=repository.branch,
        commit=state.commit if state else "",
        indexed_at=state.indexed_at if state else None,
        files=state.counts.files if state else 0,
        lines=state.counts.lines if state else 0,
    )


def status(repository: Repository, source: Source | None, jobs: Sequence[Job]) -> answers.IndexStatus:
    """`jobs` are those of the repository, newest first."""
    job = jobs[0] if jobs and jobs[0].state is not JobState.SUCCEEDED else None
    return answers.IndexStatus(
        repository=repository.name,
        location=repository.location,
        index=index(source) if source else None,
        job=answers.JobLine(status=job.state, stage=job.stage, error=job.error) if job else None,
    )


def _citation(path: str, start: int, end: int, source: Source | None) -> str:
    return f"{path}:{start}-{end}@{source.revision}" if source else f"{path}:{start}-{end}"
