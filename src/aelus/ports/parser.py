"""From source bytes to facts."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from aelus.domain.facts import FileFacts
from aelus.domain.language_traits import LanguageTraits
from aelus.domain.source import SkippedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseRequest:
    path: str
    language: str
    source: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseOutcome:
    """Exactly one of `facts` and `skipped` is set."""

    path: str
    facts: FileFacts | None
    skipped: SkippedFile | None


class Parser(Protocol):
    @property
    def version(self) -> str:
        """Names the extraction rules and grammars: facts of another version are not reused."""
        ...

    def traits(self) -> Mapping[str, LanguageTraits]:
        """The known languages by name."""
        ...

    def language_of(self, path: str) -> str:
        """Name of the language of a path by its name alone; empty when it is of none."""
        ...

    def language_called(self, name: str) -> str:
        """The language that is called so, in any case: `TypeScript`, `ts`, `c#`; empty when there is none."""
        ...

    def parse(self, files: AsyncIterable[ParseRequest]) -> AsyncIterator[ParseOutcome]:
        """Parse files in parallel; outcomes come in any order, one for each file.

        A file that cannot be parsed within its limits is skipped with the reason and harms no other. Takes files only as fast as it parses.
        """
        ...
