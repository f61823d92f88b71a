"""The tools' answers as text: fewer tokens than JSON, and easier to read for models and people."""

from __future__ import annotations

from collections.abc import Iterable

from aelus.application.close_names import did_you_mean
from aelus.application.find_repository import NOTHING_INDEXED
from aelus.domain.pack_text import index_line
from aelus.entrypoints.mcp import answers


def search_text(result: answers.SearchResult) -> str:
    if not result.results:
        return f"{result.note} list_repositories says what is indexed."
    blocks = [
        f"{number}. {one.citation} {one.qualified_name} ({one.kind} in {one.repository}; {', '.join(one.why)})\n{_numbered(one)}"
        for number, one in enumerate(result.results, 1)
    ]
    note = f"{result.note}\n\n" if result.note else ""
    more = "\nMore was found; ask for fewer or a narrower path." if result.truncated else ""
    return note + "\n\n".join(blocks) + f"\n\n{_indexes(result.indexes)}{more}"


def symbols_text(result: answers.Symbols) -> str:
    if not result.symbols:
        return f"No definition has this name. {did_you_mean(result.suggestions)}"
    lines = [_symbol(one) for one in result.symbols]
    return "\n".join(lines) + ("\nMore have this name." if result.truncated else "")


def _symbol(one: answers.Symbol) -> str:
    parts = (f"{one.citation} {one.qualified_name} ({one.kind} in {one.repository})", one.signature, one.summary)
    return "\n  ".join(part for part in parts if part)


def calls_text(result: answers.Calls, nobody: str) -> str:
    blocks = []
    for entry in result.definitions:
        one = entry.definition
        sites = [f"  {call.site} {call.qualified_name} ({call.relation}, {call.origin} {call.confidence:.2f})" for call in entry.calls] or [
            f"  {nobody}"
        ]
        blocks.append("\n".join((f"{one.citation} {one.qualified_name} ({one.kind} in {one.repository})", *sites)))
    return "\n\n".join(blocks) + ("\n\nThere are more than are shown." if result.truncated else "")


def impact_text(result: answers.ImpactResult) -> str:
    names = ", ".join(f"{one.qualified_name} ({one.citation})" for one in result.definitions)
    head = f"Does anything depend on {names}? {result.verdict.capitalize()}."
    lines = [f"  {one.depth}  {one.site} {one.qualified_name} ({one.kind}; {one.relation} {one.confidence:.2f})" for one in result.affected]
    bounds = [f"There may be more: {bound}." for bound in result.bounds]
    return "\n".join((head, *lines, *bounds))


def repositories_text(result: answers.Repositories) -> str:
    return "\n".join(map(_repository, result.repositories)) or f"{NOTHING_INDEXED} Whoever runs Aelus has to index a repository first."


def _repository(one: answers.RepositoryLine) -> str:
    if one.indexed_at is None:
        return f"{one.name}: not indexed yet ({one.location})"
    commit = f", commit {one.commit[:12]}" if one.commit else ""
    return f"{one.name}: {one.files} files, {one.lines} lines{commit}, indexed {one.indexed_at:%Y-%m-%d %H:%M} UTC ({one.location})"


def status_text(result: answers.IndexStatus) -> str:
    state = _index(result.index) if result.index else f"{result.repository}: not indexed yet"
    job = f"\nJob: {result.job.status}, {result.job.stage} {result.job.error}".rstrip() if result.job else ""
    return f"{state}{job}"


def _numbered(one: answers.Found) -> str:
    return "\n".join(f"{line:>6} {text}" for line, text in enumerate(one.snippet.split("\n"), one.snippet_line))


def _indexes(indexes: Iterable[answers.Index]) -> str:
    return "\n".join(_index(one) for one in indexes)


def _index(one: answers.Index) -> str:
    return index_line(one, one.commit[:12] or f"v{one.version}")
