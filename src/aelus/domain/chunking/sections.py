"""Dividing a file along its definitions, and joining what is too small to stand alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from aelus.domain.chunking.outline import FILE, Outline
from aelus.domain.chunking.source_lines import TARGET_BYTES, SourceLines

WHOLE_CLASS_BYTES: Final = 800
"""A class up to this size is one chunk; a larger one is a header and its members."""
SMALL_BYTES: Final = 160
"""Definitions below this, about three lines, are joined with small neighbours; others stand alone, to be found by their own name."""
JOINED_BYTES: Final = 800
_MAX_DEPTH: Final = 32
_MAX_COMMENT: Final = 50
_COMMENT_MARKS: Final = ("#", "//", "/*", "*", "--", ";;")


@dataclass(frozen=True, slots=True)
class Section:
    """A run of lines. `owner`: the definition that it lies in (or `FILE`); `shows`: the definitions that it holds whole or in part."""

    start: int
    end: int
    owner: int
    shows: tuple[int, ...]
    """Empty for lines that are the owner's own."""
    header: bool = False
    """Whether the owner begins here."""


class Sections:
    def __init__(self, lines: SourceLines, outline: Outline) -> None:
        self._lines = lines
        self._outline = outline

    def of_file(self) -> Iterator[Section]:
        """Sections in source order, without blank ends, none longer than `TARGET_BYTES` unless it is one line."""
        return self._within(FILE, 1, len(self._lines), 0)

    def _within(self, owner: int, start: int, end: int, depth: int) -> Iterator[Section]:
        for section in self._join(self._divide(owner, start, end)):
            yield from self._fit(section, depth)

    def _fit(self, section: Section, depth: int) -> Iterator[Section]:
        """A definition that is too large is divided in turn, or cut where nothing lies within it."""
        only = section.shows[0] if len(section.shows) == 1 else FILE
        limit = WHOLE_CLASS_BYTES if self._outline.is_class(only) else TARGET_BYTES
        if self._lines.size(section.start, section.end) <= limit:
            yield section
        elif only != FILE and self._outline.children(only) and depth < _MAX_DEPTH:
            yield from self._within(only, section.start, section.end, depth + 1)
        else:
            yield from self._cut(section)

    def _cut(self, section: Section) -> Iterator[Section]:
        for number, (start, end) in enumerate(self._lines.pieces(section.start, section.end)):
            start, end = self._lines.trim(start, end)  # noqa: PLW2901 -- the same piece, without its blank ends
            if start <= end:
                yield Section(start, end, section.owner, section.shows, header=section.header and number == 0)

    def _divide(self, owner: int, start: int, end: int) -> Iterator[Section]:
        """The owner's children with the comments above them, and its own lines around them."""
        begin, cursor = start, start
        for child in self._outline.children(owner):
            entry = self._outline.definition(child)
            _, last = self._lines.trim(entry.start_line, min(entry.end_line, end))
            if entry.start_line < cursor or last < entry.start_line:
                continue
            first = self._comment_start(entry.start_line, cursor)
            yield from self._own(owner, cursor, first - 1, begin)
            yield Section(first, last, owner, (child,))
            cursor = last + 1
        yield from self._own(owner, cursor, end, begin)

    def _own(self, owner: int, start: int, end: int, begin: int) -> Iterator[Section]:
        header = start == begin
        start, end = self._lines.trim(start, end)
        if start <= end:
            yield Section(start, end, owner, (), header=header)

    def _comment_start(self, start: int, cursor: int) -> int:
        """First line of the comment that stands right above a definition, as far in as it."""
        lines, indentation = self._lines, self._lines.indentation(start)
        for above in range(start - 1, max(cursor, start - _MAX_COMMENT) - 1, -1):
            text = lines.line(above).lstrip()
            if not text.startswith(_COMMENT_MARKS) or abs(lines.indentation(above) - indentation) > 1:
                return above + 1
        return max(cursor, start - _MAX_COMMENT)

    def _join(self, sections: Iterable[Section]) -> Iterator[Section]:
        held: Section | None = None
        for section in sections:
            if held is not None and self._joins(held, section):
                held = Section(held.start, section.end, held.owner, held.shows + section.shows, header=held.header)
                continue
            if held is not None:
                yield held
            held = section
        if held is not None:
            yield held

    def _joins(self, held: Section, section: Section) -> bool:
        """Two small sections join; so do a few lines of the owner's own with whatever stands beside them."""
        small = self._is_small(held), self._is_small(section)
        crumb = (small[0] and not held.shows) or (small[1] and not section.shows)
        size = self._lines.size(held.start, section.end)
        return (crumb and size <= TARGET_BYTES and not held.header) or (small[1] and self._grows(held) and size <= JOINED_BYTES)

    def _grows(self, held: Section) -> bool:
        """Whether small sections may still be added: to a class' own lines, to several, or to a small one; not to a file's head."""
        return self._is_small(held) if len(held.shows) == 1 else not (held.header and held.owner == FILE)

    def _is_small(self, section: Section) -> bool:
        return self._lines.size(section.start, section.end) < SMALL_BYTES
