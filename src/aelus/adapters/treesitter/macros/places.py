"""Where what is read stands in the file, after macros were replaced by what they make."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Final, NamedTuple

OUTSIDE: Final = -1
Span = tuple[int, int]


class Segment(NamedTuple):
    """A piece of the text."""

    start: int
    """First byte in the text; it ends where the next one begins."""
    origin: int
    """Where that stands in the file."""
    moves: bool
    """Whether the bytes behind the first stand behind it in the file, too; else all of them count as standing at `origin`."""
    invocation: int
    """Number of the invocation that the piece came out of, or `OUTSIDE`."""


class Places:
    """Maps bytes of a text to bytes of the file that it was made of."""

    def __init__(self, source: bytes, segments: list[Segment], invocations: list[Span]) -> None:
        self.source = source
        self._segments = segments
        self._starts = [segment.start for segment in segments]
        self.invocations = invocations
        """Spans in the file."""

    def _segment(self, byte: int) -> Segment:
        return self._segments[max(bisect_right(self._starts, byte) - 1, 0)]

    def origin(self, byte: int) -> int:
        """Where a byte stands in the file."""
        segment = self._segment(byte)
        return segment.origin + (byte - segment.start if segment.moves else 0)

    def invocation(self, byte: int) -> int:
        """Number of the invocation that a byte came out of, or `OUTSIDE`."""
        return self._segment(byte).invocation

    def rewritten(self, source: bytes, text: bytes) -> bytes:
        """The text with the pieces that it has of the file taken from another version of the file, of the same width."""
        ends = [*self._starts[1:], len(text)]
        spans = zip(self._segments, ends, strict=True)
        return b"".join(source[s.origin : s.origin + end - s.start] if s.moves else text[s.start : end] for s, end in spans)

    def pieces(self, start: int, end: int) -> Iterator[tuple[int, int, Segment]]:
        """The pieces of a part of the text, each with its segment."""
        number = max(bisect_right(self._starts, start) - 1, 0)
        while number < len(self._segments) and self._segments[number].start < end:
            behind = self._starts[number + 1] if number + 1 < len(self._starts) else end
            first, last = max(start, self._starts[number]), min(end, behind)
            if first < last:
                yield first, last, self._segments[number]
            number += 1

    def span(self, start: int, end: int) -> tuple[int, int, bool]:
        """(first byte, byte behind the end, whether a macro wrote it) in the file of something that stands in the text.

        What a macro wrote out of pieces of its own and of what it was given stands where the macro was invoked.
        """
        first, last = self.origin(start), self.origin(max(end - 1, start)) + 1
        around = self.invocation(start)
        if around == OUTSIDE:
            return first, last, False
        opened, closed = self.invocations[around]
        inside = [opened <= byte < closed for byte in (first, last - 1)]
        if all(inside) and opened < first < last:
            return first, last, False
        if not any(inside) and first < last and (first < opened) == (last <= opened):
            return first, last, True
        return opened, closed, True


class PlacesBuilder:
    """Puts a text together."""

    def __init__(self, text: bytes, before: Places) -> None:
        self._text = text
        self._before = before
        self._parts = list[bytes]()
        self._segments = list[Segment]()
        self._length = 0
        self.invocations = list(before.invocations)

    def _add(self, part: bytes, origin: int, invocation: int, *, moves: bool) -> None:
        if not part:
            return
        self._parts.append(part)
        last = self._segments[-1] if self._segments else None
        if moves or last is None or last.moves or last.origin != origin or last.invocation != invocation:
            self._segments.append(Segment(self._length, origin, moves, invocation))
        self._length += len(part)

    def copy(self, start: int, end: int, invocation: int = OUTSIDE, at: int = -1) -> None:
        """A part of the text before; what is `at` a place of the file counts as standing there."""
        for first, last, segment in self._before.pieces(start, end):
            around = segment.invocation if segment.invocation != OUTSIDE else invocation
            if at >= 0:
                self._add(self._text[first:last], at, invocation, moves=False)
            else:
                shift = first - segment.start if segment.moves else 0
                self._add(
                    self._text[first:last], segment.origin + shift, invocation if invocation != OUTSIDE else around, moves=segment.moves
                )

    def insert(self, part: bytes, at: int, invocation: int) -> None:
        """A text that stands nowhere; it counts as standing at a place of the file."""
        self._add(part, at, invocation, moves=False)

    def begin(self, start: int, end: int) -> int:
        """The number of an invocation that stands in the text before: its own, or that of the one which it came out of."""
        outer = self._before.invocation(start)
        if outer != OUTSIDE:
            return outer
        self.invocations.append((self._before.origin(start), self._before.origin(max(end - 1, start)) + 1))
        return len(self.invocations) - 1

    def finish(self, source: bytes) -> tuple[bytes, Places]:
        """The new text, and where it stands in the file."""
        return b"".join(self._parts), Places(source, self._segments or [Segment(0, 0, moves=True, invocation=OUTSIDE)], self.invocations)


def untouched(source: bytes) -> Places:
    """The places of a file as it is."""
    return Places(source, [Segment(0, 0, moves=True, invocation=OUTSIDE)], [])


__all__ = ["OUTSIDE", "Places", "PlacesBuilder", "untouched"]
