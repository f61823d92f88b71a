"""The parser that the application uses: batches for the pool, small inputs in this process."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from contextlib import aclosing
from functools import cached_property
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Final, Self

from aelus.adapters.treesitter.documents.room import document_names, document_traits, markup
from aelus.adapters.treesitter.pool import Outcome, ParsePool
from aelus.adapters.treesitter.room import LANGUAGES, load, names, tagged, traits
from aelus.adapters.treesitter.work import Limits, plain_outcome
from aelus.domain import facts
from aelus.domain.facts_codec import from_plain
from aelus.domain.language_traits import LanguageTraits
from aelus.domain.source import SkippedFile, SkipReason
from aelus.ports.parser import ParseOutcome, ParseRequest

IN_PROCESS_BYTES: Final = 200_000
"""Inputs up to this size are parsed here: starting processes would take longer."""


class TreesitterParser:
    """Parses with tree-sitter in a pool of processes.

    Args:
        jobs: worker processes; 0 parses everything in this process, None takes one for each processor.
        limits: what one file may cost.
    """

    def __init__(self, *, jobs: int | None = None, limits: Limits | None = None) -> None:
        self._jobs = _processors() if jobs is None else jobs
        self._limits = limits or Limits()
        self._pool = ParsePool(max(self._jobs, 1), self._limits)

    @cached_property
    def version(self) -> str:
        """Hash of the rooms, the engine and the grammars."""
        digest = hashlib.blake2b(package_version("tree-sitter-language-pack").encode(), digest_size=8)
        for path in sorted(path for path in LANGUAGES.parent.rglob("*") if path.suffix in (".py", ".scm", ".toml")):
            digest.update(path.relative_to(LANGUAGES.parent).as_posix().encode() + path.read_bytes())
        digest.update(Path(facts.__file__).read_bytes())
        return digest.hexdigest()

    @cached_property
    def _by_name(self) -> Mapping[str, str]:
        """Language by file name, and by extension with its dot; names of files that are of none lead to an empty text."""
        code = {
            name.lower(): language
            for language in names()
            for name in (*load(language)["language"]["extensions"], *load(language)["language"].get("filenames", ()))
        }
        kinds = {kind: markup(kind) for kind in document_names()}
        documents = {name.lower(): kind for kind, known in kinds.items() for name in (*known.extensions, *known.filenames)}
        return {**documents, **{name.lower(): "" for known in kinds.values() for name in known.no_documents}, **code}

    @cached_property
    def _traits(self) -> Mapping[str, LanguageTraits]:
        return {**{name: traits(name) for name in names()}, **{name: document_traits(name) for name in document_names()}}

    def traits(self) -> Mapping[str, LanguageTraits]:
        """The known languages by name."""
        return self._traits

    def language_of(self, path: str) -> str:
        """Language of a path by its file name or its extension; the longest known one counts."""
        name = path.rpartition("/")[2].lower()
        found = self._by_name.get(name) if not name.startswith(".") else None
        while found is None and "." in name:
            name = name.partition(".")[2]
            found = self._by_name.get(f".{name}")
        return found or ""

    def language_called(self, name: str) -> str:
        """By its own name, an ending of its files, or another name that people have for it."""
        called = name.lower()
        return tagged(called) or (called if called in self._traits else self.language_of(f"any.{called}"))

    def parse_one(self, request: ParseRequest) -> ParseOutcome:
        """Parse one file in this process."""
        return _outcome(request.path, plain_outcome(request.language, request.source, self._limits))

    async def parse(self, files: AsyncIterable[ParseRequest]) -> AsyncIterator[ParseOutcome]:
        """Parse in parallel; a small input is parsed in this process, where no process has to be started."""
        source = aiter(files)
        first = await self._first(source)
        if self._jobs == 0 or sum(len(request.source) for request in first) < IN_PROCESS_BYTES:
            async for request in _chained(first, source):
                yield self.parse_one(request)
                await asyncio.sleep(0)
            return
        async with aclosing(self._pool.run(_chained(first, source))) as answers:
            async for request, answer in answers:
                yield _outcome(request.path, answer)

    async def _first(self, source: AsyncIterator[ParseRequest]) -> list[ParseRequest]:
        """As much of the input as shows whether it is small."""
        first: list[ParseRequest] = []
        size = 0
        while self._jobs and size < IN_PROCESS_BYTES:
            try:
                first.append(await anext(source))
            except StopAsyncIteration:
                break
            size += len(first[-1].source)
        return first

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing is held between two runs."""


def _processors() -> int:
    """Processors that this process may use, where the system says so."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


async def _chained(first: list[ParseRequest], rest: AsyncIterator[ParseRequest]) -> AsyncIterator[ParseRequest]:
    for request in first:
        yield request
    async for request in rest:
        yield request


def _outcome(path: str, answer: Outcome) -> ParseOutcome:
    plain, reason, detail = answer
    if plain is None:
        return ParseOutcome(path=path, facts=None, skipped=SkippedFile(path=path, reason=SkipReason(reason), detail=detail))
    return ParseOutcome(path=path, facts=from_plain(plain), skipped=None)
