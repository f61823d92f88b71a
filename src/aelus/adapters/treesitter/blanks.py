"""What a room's patterns blank in a file before the grammar reads it, at the same width."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from aelus.adapters.treesitter.separators import with_ends

INK: Final = re.compile(rb"[^\n]")
BEGINS_LINE: Final = re.compile(r"(?:\(\?<!\[[^\]]*\]\\n\))?\^")
"""A pattern whose matches begin with a line, perhaps behind one that ends so."""


class Blanks:
    """The patterns of a room.

    A pattern that begins with a line is looked for only where the room's `mark` stands on that line: most lines have none, and a regular
    expression that begins with a line is tried at each byte of a file.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        patterns, mark = data.get("patterns", ()), data.get("mark", "")
        self._patterns = [
            (re.compile(text.encode(), re.MULTILINE), bool(mark) and BEGINS_LINE.match(text) is not None) for text in patterns
        ]
        self._mark = re.compile(mark.encode())
        self._closed = re.compile(data["closed"].encode(), re.MULTILINE) if "closed" in data else None
        """Where members or bodies end on a line, without a sign that says so."""

    def blank(self, source: bytes) -> bytes:
        """The source with white space in place of group 1 and those behind it of what the patterns match, one after the other."""
        if self._closed is not None:
            source = with_ends(source, [match.start(match.lastindex or 1) for match in self._closed.finditer(source)])
        starts = self._marked_lines(source) if any(by_line for _, by_line in self._patterns) else ()
        for pattern, by_line in self._patterns:
            source = _blank_lines(pattern, source, starts) if by_line else pattern.sub(_blanked, source)
        return source

    def _marked_lines(self, source: bytes) -> list[int]:
        """Where the lines begin that have the mark."""
        starts, end = list[int](), 0
        while end >= 0 and (found := self._mark.search(source, end)) is not None:
            starts.append(source.rfind(b"\n", 0, found.start()) + 1)
            end = source.find(b"\n", found.start())
        return starts


def _blank_lines(pattern: re.Pattern[bytes], source: bytes, starts: Iterable[int]) -> bytes:
    """As `pattern.sub(_blanked, source)`, where what matches begins at one of these."""
    parts, position = list[bytes](), 0
    for start in starts:
        if start >= position and (match := pattern.match(source, start)) is not None:
            parts += (source[position:start], _blanked(match))
            position = match.end()
    return b"".join((*parts, source[position:])) if parts else source


def _blanked(match: re.Match[bytes]) -> bytes:
    """White space in place of what the grammar does not know, or the name of the group, so that all positions stay."""
    whole, first = match.group(0), match.start()
    words = {number: name.encode() for name, number in match.re.groupindex.items()}
    for number in range(1, len(match.regs)):
        start, end = match.span(number)
        if start >= 0 and end <= match.end():
            word = words.get(number, b"")
            blank = INK.sub(b" ", whole[start - first + len(word) : end - first])
            whole = whole[: start - first] + word + blank + whole[end - first :]
    return whole
