"""The tools: each asks one use case, cuts the answer to its budget, and says it in words and in structure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Final

from mcp_types import CallToolResult, TextContent
from pydantic import BeforeValidator, Field

from aelus.application.answer_search import Answered
from aelus.application.assess_impact import AssessImpact, Impact
from aelus.application.find_calls import FindCalls, SymbolCalls
from aelus.application.read_node import CODE_KINDS
from aelus.domain.context_pack import Source
from aelus.domain.graph import NodeKind
from aelus.domain.repository import Repository, RepositoryId
from aelus.domain.search import SearchFilter
from aelus.domain.tenancy import TenantId
from aelus.entrypoints.mcp import answers, presentation, wording
from aelus.entrypoints.mcp.budget import fitting, fitting_calls, fitting_context
from aelus.entrypoints.mcp.refusals import refusals
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.graph_store import StoredNode

LISTED_REPOSITORIES: Final = 100
LISTS: Final = "list_repositories names all."
SEARCHES: Final = "search_code finds code by its meaning, find_symbol other kinds of definitions."

Query = Annotated[
    str,
    Field(
        min_length=1,
        max_length=8192,
        description="What to look for: a question in plain words, a name such as Session.close, or a place such as client.py:52.",
    ),
]
Symbol = Annotated[
    str,
    Field(min_length=1, max_length=500, description="A function, method or class by name: `close`, `Session.close`, or fully qualified."),
]


def _listed(given: object) -> object:
    """One text is a list of one: models often leave the brackets out."""
    return (given,) if isinstance(given, str) else given


OneOrMore = BeforeValidator(_listed)
Names = Annotated[tuple[str, ...], Field(max_length=50, description="Only in these repositories, by name; all where empty."), OneOrMore]
Path = Annotated[str, Field(max_length=500, description="Only in paths that match: a glob such as src/**/*.py, or a part of the path.")]
Languages = Annotated[tuple[str, ...], Field(max_length=20, description="Only in these languages, such as python or go."), OneOrMore]
Kind = Annotated[str, Field(json_schema_extra={"enum": [kind.value for kind in NodeKind]})]
Kinds = Annotated[tuple[Kind, ...], Field(max_length=20, description="Only these kinds, such as Function, Method, Class."), OneOrMore]


class Tools:
    """`whose` says whose call it is that is being answered."""

    def __init__(self, use_cases: UseCases, whose: Callable[[], TenantId]) -> None:
        self._use = use_cases
        self._whose = whose

    async def search_code(
        self,
        query: Query,
        repositories: Names = (),
        languages: Languages = (),
        kinds: Kinds = (),
        path: Path = "",
        limit: Annotated[int, Field(ge=1, le=30, description="How many results at most.")] = 8,
    ) -> Annotated[CallToolResult, answers.SearchResult]:
        """Find code by meaning, by words and by name: the passages of the indexed repositories that answer best, with their places.

        Use it before reading files, to learn where something is done. For an answer with whole functions and what they call, use
        get_context.
        """
        with refusals(LISTS):
            where = await self._where(repositories, path, languages, kinds)

            async def read() -> tuple[Answered, Mapping[RepositoryId, Source]]:
                found = await self._use.answer_search()(self._whose(), query, where=where, limit=limit)
                return found, await self._sources(hit.repository_id for hit in found.hits)

            found, sources = await self._use.read_freshness().settled(self._whose(), where.repositories, read)
        shown, truncated = fitting([presentation.found(hit, query, sources) for hit in found.hits])
        indexes = [presentation.index(source) for source in sources.values()]
        answer = answers.SearchResult(results=shown, note=found.note, indexes=indexes, truncated=truncated)
        return said(wording.search_text(answer), answer)

    async def get_context(
        self,
        question: Query,
        repositories: Names = (),
        languages: Languages = (),
        kinds: Kinds = (),
        path: Path = "",
        max_tokens: Annotated[
            int, Field(ge=500, le=20_000, description="Size of the answer: of the text, and of the same as structure.")
        ] = 6_000,
    ) -> Annotated[CallToolResult, answers.Context]:
        """Get the code that answers a question in one call: the best functions whole, and signatures of their callers, callees and types.

        Every passage is cited as path:start-end@commit. Use it to understand how something works, or before changing it.
        """
        with refusals(LISTS):
            where = await self._where(repositories, path, languages, kinds)
            pack = await self._use.pack_context()(self._whose(), question, where=where, max_tokens=max_tokens)
        return said(pack.text, fitting_context(presentation.context(pack), max_tokens))

    async def find_symbol(
        self,
        name: Symbol,
        repositories: Names = (),
        kinds: Kinds = (),
        limit: Annotated[int, Field(ge=1, le=100, description="How many definitions at most.")] = 20,
    ) -> Annotated[CallToolResult, answers.Symbols]:
        """Find where a name is defined: place, signature and documentation of each definition that has it."""
        with refusals():
            within = await self._within(repositories)
            find = self._use.find_nodes()

            async def read() -> tuple[Sequence[StoredNode], Mapping[RepositoryId, Source]]:
                nodes = await find(self._whose(), name, kinds=kinds, repositories=within, limit=limit + 1)
                return nodes, await self._sources(stored.repository_id for stored in nodes)

            found, sources = await self._use.read_freshness().settled(self._whose(), within, read)
            close = self._use.close_names()
            suggestions = () if found else await close(self._whose(), name, kinds=kinds or CODE_KINDS, repositories=within)
        shown, cut = fitting([presentation.symbol(stored, sources) for stored in found[:limit] if stored.repository_id in sources])
        answer = answers.Symbols(symbols=shown, suggestions=list(suggestions), truncated=cut or len(found) > limit)
        return said(wording.symbols_text(answer), answer)

    async def callers(
        self,
        symbol: Symbol,
        repositories: Names = (),
        limit: Annotated[int, Field(ge=1, le=200, description="Calls of each definition at most.")] = 50,
    ) -> Annotated[CallToolResult, answers.Calls]:
        """List who calls a function, method or class, with the line of every call and how sure it is.

        Calls are followed by the flow of values, not by text: a name that merely looks the same is no caller.
        """
        return await self._calls(self._use.find_callers(), symbol, repositories, limit, "No caller is known.")

    async def callees(
        self,
        symbol: Symbol,
        repositories: Names = (),
        limit: Annotated[int, Field(ge=1, le=200, description="Calls of each definition at most.")] = 50,
    ) -> Annotated[CallToolResult, answers.Calls]:
        """List what a function, method or class calls, with the line of every call and how sure it is."""
        return await self._calls(self._use.find_callees(), symbol, repositories, limit, "No call is known.")

    async def impact(
        self,
        symbol: Symbol,
        repositories: Names = (),
        max_depth: Annotated[int, Field(ge=1, le=8, description="Steps to follow.")] = 3,
        limit: Annotated[int, Field(ge=1, le=300, description="Dependants at most.")] = 60,
    ) -> Annotated[CallToolResult, answers.ImpactResult]:
        """List all that depends on a function, method or class, directly or by way of others: callers, subclasses, users of a type.

        Use it before changing or removing something. The verdict is no only for private and local definitions; unknown where
        a use may have left no edge. `bounds` says why there may be more.
        """
        with refusals(SEARCHES):
            within = await self._within(repositories)
            assess: AssessImpact = self._use.assess_impact()

            async def read() -> tuple[Impact, Mapping[RepositoryId, Source]]:
                impact = await assess(self._whose(), symbol, repositories=within, max_depth=max_depth, limit=limit)
                nodes = (*impact.definitions, *(one.node for one in impact.dependants))
                return impact, await self._sources(node.repository_id for node in nodes)

            found, sources = await self._use.read_freshness().settled(self._whose(), within, read)
        shown, cut = fitting([presentation.affected(one, sources) for one in found.dependants if one.node.repository_id in sources])
        answer = presentation.impact(found, shown, sources, cut=cut)
        return said(wording.impact_text(answer), answer)

    async def list_repositories(self) -> Annotated[CallToolResult, answers.Repositories]:
        """List the repositories that can be asked about, with their names and how fresh their indexes are."""
        with refusals():
            page = await self._use.list_repositories()(self._whose(), limit=LISTED_REPOSITORIES)
        shown, cut = fitting([presentation.repository_line(one) for one in page.items])
        answer = answers.Repositories(repositories=shown, truncated=cut or bool(page.next_after))
        return said(wording.repositories_text(answer), answer)

    async def index_status(
        self, repository: Annotated[str, Field(min_length=1, max_length=100, description="Name of the repository.")]
    ) -> Annotated[CallToolResult, answers.IndexStatus]:
        """Say how far the index of one repository can be trusted: commit, time, files left out and why, and indexing under way."""
        with refusals(LISTS):
            found: Repository = await self._use.get_repository()(self._whose(), repository)
            source = await self._use.read_freshness()(self._whose(), found)
            jobs = await self._use.read_jobs()(self._whose())
        answer = presentation.status(found, source, [job for job in jobs if job.repository_id == found.id])
        return said(wording.status_text(answer), answer)

    async def _calls(self, find: FindCalls, symbol: str, repositories: Sequence[str], limit: int, nobody: str) -> CallToolResult:
        with refusals(SEARCHES):
            within = await self._within(repositories)

            async def read() -> tuple[Sequence[SymbolCalls], Mapping[RepositoryId, Source]]:
                calls = await find(self._whose(), symbol, repositories=within, limit=limit)
                nodes = [*(one.symbol for one in calls), *(call.other for one in calls for call in one.calls)]
                return calls, await self._sources(node.repository_id for node in nodes)

            found, sources = await self._use.read_freshness().settled(self._whose(), within, read)
        entries = [presentation.definition_calls(one, sources) for one in found if one.symbol.repository_id in sources]
        shown, cut = fitting_calls(entries)
        answer = answers.Calls(definitions=shown, truncated=cut or any(one.truncated for one in found))
        return said(wording.calls_text(answer, nobody), answer)

    async def _where(self, repositories: Sequence[str], path: str, languages: Sequence[str], kinds: Sequence[str]) -> SearchFilter:
        within = await self._within(repositories)
        return SearchFilter(repositories=within, languages=tuple(languages), kinds=tuple(kinds), path=path)

    async def _within(self, repositories: Sequence[str]) -> tuple[RepositoryId, ...]:
        with refusals(LISTS):
            return await self._use.find_repositories()(self._whose(), repositories)

    async def _sources(self, repositories: Iterable[RepositoryId]) -> Mapping[RepositoryId, Source]:
        freshness = self._use.read_freshness()
        found = [await freshness.source(self._whose(), repository) for repository in dict.fromkeys(repositories)]
        return {source.repository_id: source for source in found if source}


def said(text: str, answer: answers.Answer) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=answer.model_dump(mode="json"))
