"""The lines of a file, their sizes, and where to cut a run of them that is too long."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

TARGET_BYTES: Final = 1600
"""About 400 tokens of code. What is longer is cut."""
MAX_BYTES: Final = 3200
"""No text of a chunk is longer, outline and all."""

_MIN_FILL: Final = 0.4
"""Share of `TARGET_BYTES` that a piece has at least, so that cutting at the outermost statements leaves no crumbs."""
_CLOSERS: Final = (")", "]", "}")


class SourceLines:
    """Lines are 1-based, runs of lines inclusive at both ends. Sizes are bytes of UTF-8, a line end counts as one."""

    def __init__(self, text: str) -> None:
        self._lines = text.replace("\r\n", "\n").split("\n")
        sized = self._lines if text.isascii() else [line.encode("utf-8", "replace") for line in self._lines]
        self._ends = [0, *accumulate([len(line) + 1 for line in sized])]

    def __len__(self) -> int:
        return len(self._lines)

    def line(self, number: int) -> str:
        return self._lines[number - 1]

    def text(self, start: int, end: int) -> str:
        return "\n".join(self._lines[start - 1 : end])

    def size(self, start: int, end: int) -> int:
        return self._ends[end] - self._ends[start - 1]

    def indentation(self, number: int) -> int:
        line = self._lines[number - 1]
        return len(line) - len(line.lstrip())

    def trim(self, start: int, end: int) -> tuple[int, int]:
        """The run without blank lines at its ends; empty (start > end) when there are no others."""
        lines = self._lines
        while start <= end and not lines[start - 1].strip():
            start += 1
        while end > start and not lines[end - 1].strip():
            end -= 1
        return start, end

    def pieces(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Cut a run into runs of at most `TARGET_BYTES`, between statements; a longer line is a run of its own."""
        while self.size(start, end) > TARGET_BYTES and start < end:
            cut = self._cut(start, end)
            yield start, cut - 1
            start = cut
        yield start, end

    def slices(self, number: int) -> Iterator[str]:
        """Cut one line into texts of at most `MAX_BYTES`, between characters."""
        line = self._lines[number - 1]
        step = MAX_BYTES if line.isascii() else MAX_BYTES // 4
        return (line[at : at + step] for at in range(0, len(line), step))

    def _cut(self, start: int, end: int) -> int:
        """First line of the next piece: the outermost statement in reach, after a blank line if it can be, late rather than early."""
        fits = bisect_right(self._ends, self._ends[start - 1] + TARGET_BYTES, start, end + 1)
        earliest = bisect_right(self._ends, self._ends[start - 1] + int(TARGET_BYTES * _MIN_FILL), start, fits)
        candidates = [line for line in range(max(earliest, start + 1), fits + 1) if line <= end and self._begins(line)]
        return min(candidates, key=self._order, default=max(start + 1, min(fits, end)))

    def _begins(self, number: int) -> bool:
        text = self._lines[number - 1].lstrip()
        return bool(text) and not text.startswith(_CLOSERS)

    def _order(self, number: int) -> tuple[int, bool, int]:
        return self.indentation(number), bool(self._lines[number - 2].strip()), -number
