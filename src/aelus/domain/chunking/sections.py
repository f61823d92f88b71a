"""Dividing a file along its definitions, and joining what is too small to stand alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from aelus.domain.chunking.outline import FILE, Outline
from aelus.domain.chunking.source_lines import TARGET_BYTES, SourceLines

WHOLE_CLASS_BYTES: Final = 800
"""A class up to this size is one chunk; a larger one is a header and its members."""
CRUMB_BYTES: Final = 160
"""Fewer lines of a file or class than this, about three, do not stand alone between two definitions."""
_MAX_DEPTH: Final = 32
_MAX_COMMENT: Final = 50
_COMMENT_MARKS: Final = ("#", "//", "/*", "*", "--", ";;")


@dataclass(frozen=True, slots=True)
class Section:
    """A run of lines."""

    start: int
    end: int
    shows: int
    """The definition, or `FILE`, that these lines are of."""
    inner: bool
    """Whether that lies within what is being divided; otherwise these are the own lines of what is being divided."""
    header: bool = False
    """Whether what it shows begins here and its other parts are sections of their own."""


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
        shows = section.shows
        limit = WHOLE_CLASS_BYTES if section.inner and self._outline.is_class(shows) else TARGET_BYTES
        if self._lines.size(section.start, section.end) <= limit:
            yield section
        elif section.inner and self._outline.children(shows) and depth < _MAX_DEPTH:
            yield from self._within(shows, section.start, section.end, depth + 1)
        else:
            yield from self._cut(section)

    def _cut(self, section: Section) -> Iterator[Section]:
        for number, (start, end) in enumerate(self._lines.pieces(section.start, section.end)):
            first, last = self._lines.trim(start, end)
            if first <= last:
                yield Section(first, last, section.shows, section.inner, header=section.header and number == 0)

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
            yield Section(first, last, child, inner=True)
            cursor = last + 1
        yield from self._own(owner, cursor, end, begin)

    def _own(self, owner: int, start: int, end: int, begin: int) -> Iterator[Section]:
        header = start == begin
        start, end = self._lines.trim(start, end)
        if start <= end:
            yield Section(start, end, owner, inner=False, header=header)

    def _comment_start(self, start: int, cursor: int) -> int:
        """First line of the comment that stands right above a definition, as far in as it. Documents have none."""
        if self._outline.is_document:
            return start
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
                main = section if section.inner else held
                held = replace(main, start=held.start, end=section.end)
                continue
            if held is not None:
                yield held
            held = section
        if held is not None:
            yield held

    def _joins(self, held: Section, section: Section) -> bool:
        """A few lines of the owner's own join whatever stands beside them; definitions stay apart, to be found by their own names."""
        crumb = self._is_crumb(held) or self._is_crumb(section)
        return crumb and self._lines.size(held.start, section.end) <= TARGET_BYTES

    def _is_crumb(self, section: Section) -> bool:
        """A few lines of the owner's own; a heading without text below it is one, a class' header is none."""
        alone = section.header and not self._outline.is_document
        return not section.inner and not alone and self._lines.size(section.start, section.end) < CRUMB_BYTES
