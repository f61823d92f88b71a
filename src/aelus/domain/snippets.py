"""The few lines of a chunk that answer a question best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from aelus.domain.chunks import Chunk
from aelus.domain.terms import query_terms, text_terms

MAX_LINES: Final = 12
MAX_LINE_LENGTH: Final = 400


class Snippet(NamedTuple):
    start_line: int
    """1-based line of the first line of `text`."""
    text: str
    """Lines longer than `MAX_LINE_LENGTH` characters are cut."""


def snippet(chunk: Chunk, query: str, *, max_lines: int = MAX_LINES) -> Snippet:
    """The run of lines with most of the question's words; the first lines where several have as many, or none has any.

    Of the chunk's own lines: signatures that it shows below them stand elsewhere.
    """
    lines = chunk.text.split("\n")[: chunk.end_line - chunk.start_line + 1]
    start = _best_start(lines, query_terms(query), max_lines) if len(lines) > max_lines else 0
    shown = [line[:MAX_LINE_LENGTH] for line in lines[start : start + max_lines]]
    return Snippet(chunk.start_line + start, "\n".join(shown))


def _best_start(lines: Sequence[str], terms: Mapping[str, float], max_lines: int) -> int:
    found = [{term for term in text_terms(line) if term in terms} for line in lines]
    starts = range(len(lines) - max_lines + 1)
    return max(starts, key=lambda start: (_weight(found[start : start + max_lines], terms), -start))


def _weight(found: Sequence[set[str]], terms: Mapping[str, float]) -> float:
    return sum(terms[term] for term in set().union(*found)) + sum(len(line) for line in found) / 100
