"""Aelus inside another program: the same use cases, without a server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Self, TypeVar

from aelus.application.answer_search import Answered
from aelus.application.assess_impact import Impact
from aelus.application.find_calls import SymbolCalls
from aelus.application.pack_context import DEFAULT_TOKENS
from aelus.application.progress import Report, ignore
from aelus.application.reports import IndexReport
from aelus.domain.context_pack import ContextPack
from aelus.domain.graph import CodeNode, Edge
from aelus.domain.pushes import FilePush
from aelus.domain.repository import Repository
from aelus.domain.search import Grouping, Hit, SearchFilter, SearchMode
from aelus.domain.source import SkippedFile
from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints import container
from aelus.entrypoints.locations import absolute_location
from aelus.entrypoints.settings import load_settings
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.errors import InvalidRequest

Choice = TypeVar("Choice", bound=StrEnum)


class Aelus:
    """An open index. Make one with `in_memory` or `open`; every method raises the errors of `aelus.ports.errors`."""

    def __init__(self, use_cases: UseCases) -> None:
        self._use_cases: UseCases | None = use_cases

    @property
    def _use(self) -> UseCases:
        if self._use_cases is None:
            raise InvalidRequest("This index is closed.", "Use it within the context that opened it.")
        return self._use_cases

    @classmethod
    @contextmanager
    def _opened(cls, use_cases: UseCases) -> Iterator[Self]:
        aelus = cls(use_cases)
        try:
            yield aelus
        finally:
            aelus._use_cases = None

    @classmethod
    @asynccontextmanager
    async def in_memory(cls) -> AsyncIterator[Self]:
        """An empty index that lives as long as the context is open, and needs neither database nor network."""
        async with container.open_memory(load_settings()) as use_cases:
            with cls._opened(use_cases) as aelus:
                yield aelus

    @classmethod
    @asynccontextmanager
    async def open(cls, *, home: str | Path | None = None, dsn: str | None = None) -> AsyncIterator[Self]:
        """The index that is kept in the folder `home`, or in the PostgreSQL database `dsn`; by default that of the command line."""
        given = {"home": home and Path(home), "database_url": dsn}
        async with container.open_service(load_settings(**{name: value for name, value in given.items() if value})) as use_cases:
            with cls._opened(use_cases) as aelus:
                yield aelus

    async def index(
        self, location: str | Path, *, name: str = "", branch: str = "", report: Report = ignore, dry_run: bool = False
    ) -> IndexReport:
        """Index a folder or the address of a Git repository, or bring its index up to date; or only say what that would do."""
        where = absolute_location(location if isinstance(location, Path) else _text(location, "location"))
        return await self._use.index_location()(LOCAL_TENANT, where, name=name, branch=branch, report=report, dry_run=dry_run)

    async def push(
        self, name: str, files: Mapping[str, bytes | str], *, deleted: Sequence[str] = (), commit: str = "", report: Report = ignore
    ) -> IndexReport:
        """Change files of a repository that is read from nowhere, and index it; made known with the first push.

        Args:
            name: of the repository.
            files: new content by path.
            deleted: paths that are no more.
            commit: what the state after this push is called.
            report: told of every step.
        """
        repository = await self._use.register_repository().find_or_add_pushed(LOCAL_TENANT, name)
        contents = {path: content.encode() if isinstance(content, str) else content for path, content in files.items()}
        await self._use.receive_files().apply(LOCAL_TENANT, repository.id, FilePush(files=contents, deleted=deleted, commit=commit))
        return await self._use.index_repository()(LOCAL_TENANT, repository.id, report=report)

    async def search(
        self,
        query: str,
        *,
        repositories: Sequence[str] = (),
        languages: Sequence[str] = (),
        kinds: Sequence[str] = (),
        path: str = "",
        k: int = 10,
        mode: SearchMode = SearchMode.HYBRID,
        group: Grouping = Grouping.SPREAD,
    ) -> Sequence[Hit]:
        """The `k` best passages for a question, in all repositories or in those named.

        Args:
            query: words, a question, a name or a place (`client.py:52`); may hold filters such as `lang:go path:src/**` and quoted phrases.
            repositories: names; a text is one of them, here and below.
            languages: by name or ending of files, `python` or `py`.
            kinds: of nodes, `Function`.
            path: glob, or a part of the path.
            k: 1 to 100.
            mode: which stages are asked.
            group: how far hits are spread over files.
        """
        where = await self._where(repositories, languages, kinds, path)
        return await self._use.search_code()(
            LOCAL_TENANT, _text(query, "query"), where=where, limit=k, mode=_one_of(SearchMode, mode), group=_one_of(Grouping, group)
        )

    async def answer(
        self,
        query: str,
        *,
        repositories: Sequence[str] = (),
        languages: Sequence[str] = (),
        kinds: Sequence[str] = (),
        path: str = "",
        k: int = 10,
        mode: SearchMode = SearchMode.HYBRID,
        group: Grouping = Grouping.SPREAD,
    ) -> Answered:
        """As `search`, with a note: why there are no hits, or how little they rest on."""
        where = await self._where(repositories, languages, kinds, path)
        return await self._use.answer_search()(
            LOCAL_TENANT, _text(query, "query"), where=where, limit=k, mode=_one_of(SearchMode, mode), group=_one_of(Grouping, group)
        )

    async def context(
        self,
        question: str,
        *,
        repositories: Sequence[str] = (),
        languages: Sequence[str] = (),
        kinds: Sequence[str] = (),
        path: str = "",
        max_tokens: int = DEFAULT_TOKENS,
        neighbours: bool = True,
    ) -> ContextPack:
        """The code that answers a question, within `max_tokens` (500 to 100,000): matches whole, neighbours by signature, all cited.

        What it is narrowed to is that of `search`.
        """
        where = await self._where(repositories, languages, kinds, path)
        pack = self._use.pack_context()
        return await pack(LOCAL_TENANT, _text(question, "question"), where=where, max_tokens=max_tokens, neighbours=neighbours)

    async def callers(self, name: str, *, repositories: Sequence[str] = (), limit: int = 200) -> tuple[SymbolCalls, ...]:
        """Who calls the definitions that `name` may mean."""
        within = await self._use.find_repositories()(LOCAL_TENANT, _names(repositories))
        return await self._use.find_callers()(LOCAL_TENANT, _text(name, "name"), repositories=within, limit=limit)

    async def callees(self, name: str, *, repositories: Sequence[str] = (), limit: int = 200) -> tuple[SymbolCalls, ...]:
        """Whom the definitions that `name` may mean call."""
        within = await self._use.find_repositories()(LOCAL_TENANT, _names(repositories))
        return await self._use.find_callees()(LOCAL_TENANT, _text(name, "name"), repositories=within, limit=limit)

    async def impact(self, name: str, *, repositories: Sequence[str] = (), max_depth: int = 3, limit: int = 100) -> Impact:
        """What depends on the definitions that `name` may mean, within `max_depth` (1 to 8) steps, and whether that is all."""
        within = await self._use.find_repositories()(LOCAL_TENANT, _names(repositories))
        return await self._use.assess_impact()(LOCAL_TENANT, _text(name, "name"), repositories=within, max_depth=max_depth, limit=limit)

    async def _where(self, repositories: Sequence[str], languages: Sequence[str], kinds: Sequence[str], path: str) -> SearchFilter:
        within = await self._use.find_repositories()(LOCAL_TENANT, _names(repositories))
        return SearchFilter(repositories=within, languages=_names(languages), kinds=_names(kinds), path=_text(path, "path"))

    async def repositories(self) -> tuple[Repository, ...]:
        """All that is indexed, by name."""
        return await self._use.list_repositories().all(LOCAL_TENANT)

    async def left_out(self, name: str) -> tuple[SkippedFile, ...]:
        """Files that the index of a repository leaves out, by path, each with the reason."""
        repository = await self._use.get_repository()(LOCAL_TENANT, name)
        return await self._use.list_left_out().all(LOCAL_TENANT, repository.id)

    async def remove(self, name: str) -> None:
        """Forget a repository and its index."""
        repository = await self._use.get_repository()(LOCAL_TENANT, name)
        await self._use.remove_repository()(LOCAL_TENANT, repository.id)

    async def export(self, name: str) -> AsyncIterator[CodeNode | Edge]:
        """Every node of a repository's graph, then every edge."""
        async with aclosing(await self._use.export_repository()(LOCAL_TENANT, name)) as items:
            async for item in items:
                yield item


def _text(given: object, what: str) -> str:
    if not isinstance(given, str):
        raise InvalidRequest(f"The {what} is {given!r}, which is no text.", "Give a str.")
    return given


def _names(given: object) -> tuple[str, ...]:
    """A text is one name, not a sequence of letters."""
    if isinstance(given, str):
        return (given,)
    if not isinstance(given, Iterable):
        raise InvalidRequest(f"{given!r} is no sequence of names.", "Give a list of str.")
    return tuple([_text(one, "name") for one in given])


def _one_of(kind: type[Choice], given: object) -> Choice:
    known = [one.value for one in kind]
    if given not in known:
        raise InvalidRequest(f"There is no {kind.__name__} {given!r}.", f"Known are: {', '.join(known)}.")
    return kind(given)
