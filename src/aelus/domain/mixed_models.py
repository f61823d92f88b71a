"""One list out of those that vectors of several models found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from aelus.domain.search import ScoredChunk


def merged(found: Sequence[Sequence[ScoredChunk]], *, limit: int) -> Sequence[ScoredChunk]:
    """The best of all lists, each by its own measure: similarities of different models do not compare, so each becomes a share of the way
    from its list's lowest to its best.
    """
    lists = [one for one in found if one]
    if len(lists) < 2:  # noqa: PLR2004 -- one list needs no common measure
        return lists[0][:limit] if lists else ()
    shares = [scored for one in lists for scored in _shares(one)]
    return sorted(shares, key=lambda one: (-one.score, one.chunk.path, one.chunk.start_line, one.chunk.id))[:limit]


def _shares(found: Sequence[ScoredChunk]) -> Iterator[ScoredChunk]:
    best, lowest = max(one.score for one in found), min(one.score for one in found)
    span = best - lowest
    return (replace(one, score=(one.score - lowest) / span if span > 0 else 1.0) for one in found)
