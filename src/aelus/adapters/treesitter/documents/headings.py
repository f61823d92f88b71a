"""Headings, and the sections that they begin."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from aelus.domain.facts import Definition
from aelus.domain.graph import NodeKind, content_hash

MAX_TITLE: Final = 200


class Heading(NamedTuple):
    line: int
    """1-based, the first line of the heading, with the line above its title where it has one."""
    start_byte: int
    title: str
    mark: str
    """What tells its level: the signs in front of, around or below its title."""


class Outline:
    """The sections of a document by its headings, in source order."""

    def __init__(self, headings: Sequence[Heading], levels: Mapping[str, int]) -> None:
        self._headings = headings
        self._levels = _levels(headings, levels)
        self._lines = [heading.line for heading in headings]

    def at(self, line: int) -> int:
        """Index of the innermost section around a line; -1 before the first."""
        return bisect_right(self._lines, line) - 1

    def definitions(self, source: bytes, lines: int) -> Iterator[Definition]:
        """The sections as definitions."""
        open_sections: list[int] = []
        for number, heading in enumerate(self._headings):
            while open_sections and self._levels[open_sections[-1]] >= self._levels[number]:
                open_sections.pop()
            end = self._end(number)
            end_byte = self._headings[end].start_byte if end >= 0 else len(source)
            yield _section(
                heading,
                parent=open_sections[-1] if open_sections else -1,
                end_line=self._headings[end].line - 1 if end >= 0 else max(lines, heading.line),
                end_byte=end_byte,
                body=source[heading.start_byte : end_byte],
            )
            open_sections.append(number)

    def _end(self, number: int) -> int:
        """The heading that ends a section, or -1."""
        behind = range(number + 1, len(self._headings))
        return next((other for other in behind if self._levels[other] <= self._levels[number]), -1)


def _levels(headings: Sequence[Heading], known: Mapping[str, int]) -> list[int]:
    """The level of each heading: that of its mark, or else the place of the mark among those that were met."""
    met: dict[str, int] = {}
    return [known.get(one.mark) or known.get(one.mark[:1]) or met.setdefault(one.mark, len(met) + 1) for one in headings]


def _section(heading: Heading, *, parent: int, end_line: int, end_byte: int, body: bytes) -> Definition:
    return Definition(
        kind=NodeKind.SECTION.value,
        name=heading.title[:MAX_TITLE],
        parent=parent,
        scope=0,
        body=-1,
        start_line=heading.line,
        end_line=end_line,
        start_byte=heading.start_byte,
        end_byte=end_byte,
        line=heading.line,
        signature="",
        docstring="",
        visibility="public",
        modifiers=(),
        decorators=(),
        bases=(),
        interfaces=(),
        parameters=(),
        returns=0,
        receiver=0,
        content_hash=content_hash(body),
    )
