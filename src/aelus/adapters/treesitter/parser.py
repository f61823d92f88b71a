"""The parser that the application uses: batches for the pool, small inputs in this process."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from functools import cached_property
from importlib.metadata import version as package_version
from typing import Final, Self

from aelus.adapters.treesitter.pool import Outcome, ParsePool
from aelus.adapters.treesitter.room import LANGUAGES, load, names, traits
from aelus.adapters.treesitter.work import Limits, Refusal, parse_file
from aelus.domain.facts import LanguageTraits
from aelus.domain.facts_codec import from_plain
from aelus.domain.source import SkippedFile, SkipReason
from aelus.ports.parser import ParseOutcome, ParseRequest

BATCH_BYTES: Final = 400_000
BATCH_FILES: Final = 64
IN_PROCESS_BYTES: Final = 200_000
"""Inputs up to this size are parsed here: starting processes would take longer."""
BATCHES_AHEAD: Final = 2
"""Batches that wait for each worker, so that none is idle."""


class TreesitterParser:
    """Parses with tree-sitter in a pool of processes.

    Args:
        jobs: worker processes; 0 parses everything in this process, None takes one for each processor.
        limits: what one file may cost.
    """

    def __init__(self, *, jobs: int | None = None, limits: Limits | None = None) -> None:
        self._jobs = os.cpu_count() or 1 if jobs is None else jobs
        self._limits = limits or Limits()
        self._pool = ParsePool(max(self._jobs, 1), self._limits)

    @cached_property
    def version(self) -> str:
        """Hash of the rooms, the engine and the grammars."""
        digest = hashlib.blake2b(package_version("tree-sitter-language-pack").encode(), digest_size=8)
        for path in sorted(path for path in LANGUAGES.parent.rglob("*") if path.suffix in (".py", ".scm", ".toml")):
            digest.update(path.relative_to(LANGUAGES.parent).as_posix().encode() + path.read_bytes())
        return digest.hexdigest()

    @cached_property
    def _by_extension(self) -> Mapping[str, str]:
        return {extension: name for name in names() for extension in load(name)["language"]["extensions"]}

    @cached_property
    def _traits(self) -> Mapping[str, LanguageTraits]:
        return {name: traits(name) for name in names()}

    def traits(self) -> Mapping[str, LanguageTraits]:
        """The known languages by name."""
        return self._traits

    def language_of(self, path: str) -> str:
        """Language of a path by its extension; the longest known one counts."""
        _, *extensions = path.rpartition("/")[2].split(".")
        for start in range(len(extensions)):
            language = self._by_extension.get("." + ".".join(extensions[start:]).lower())
            if language:
                return language
        return ""

    def parse_one(self, request: ParseRequest) -> ParseOutcome:
        """Parse one file in this process."""
        try:
            facts = parse_file(request.language, request.source, self._limits)
        except Refusal as refusal:
            reason, detail = refusal.args
            return ParseOutcome(path=request.path, facts=None, skipped=SkippedFile(path=request.path, reason=reason, detail=detail))
        return ParseOutcome(path=request.path, facts=facts, skipped=None)

    async def parse(self, files: AsyncIterable[ParseRequest]) -> AsyncIterator[ParseOutcome]:
        """Parse in parallel; outcomes come batch by batch."""
        running: set[asyncio.Task[list[ParseOutcome]]] = set()
        try:
            async for batch in _batches(files):
                if self._jobs == 0 or (not running and _size(batch) < IN_PROCESS_BYTES):
                    for request in batch:
                        yield self.parse_one(request)
                    continue
                running.add(asyncio.create_task(self._parse_batch(batch)))
                while len(running) >= self._jobs * (1 + BATCHES_AHEAD):
                    for outcome in await _first(running):
                        yield outcome
            while running:
                for outcome in await _first(running):
                    yield outcome
        finally:
            for task in running:
                task.cancel()

    async def _parse_batch(self, batch: list[ParseRequest]) -> list[ParseOutcome]:
        answers = await self._pool.parse([(request.language, request.source) for request in batch])
        return [_outcome(request.path, answer) for request, answer in zip(batch, answers, strict=True)]

    def close(self) -> None:
        """End the worker processes."""
        self._pool.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()


async def _first(running: set[asyncio.Task[list[ParseOutcome]]]) -> list[ParseOutcome]:
    """Take the outcomes of the batches that are done, waiting for one."""
    done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    running -= done
    return [outcome for task in done for outcome in task.result()]


async def _batches(files: AsyncIterable[ParseRequest]) -> AsyncIterator[list[ParseRequest]]:
    batch: list[ParseRequest] = []
    size = 0
    async for request in files:
        batch.append(request)
        size += len(request.source)
        if size >= BATCH_BYTES or len(batch) >= BATCH_FILES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _size(batch: list[ParseRequest]) -> int:
    return sum(len(request.source) for request in batch)


def _outcome(path: str, answer: Outcome) -> ParseOutcome:
    plain, reason, detail = answer
    if plain is None:
        return ParseOutcome(path=path, facts=None, skipped=SkippedFile(path=path, reason=SkipReason(reason), detail=detail))
    return ParseOutcome(path=path, facts=from_plain(plain), skipped=None)
