"""Identifiers into lower-case parts, and parts that nobody knows into words that somebody knows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

MAX_IDENTIFIER: Final = 128
"""Characters of an identifier that are looked at; a longer one is data, not a name."""
MAX_WORD: Final = 24
"""Characters of the longest word that is kept or looked for."""

_PART: Final = re.compile(r"[A-Z]{2,}s(?![a-z])|[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+|[^\W\d_A-Za-z]+")
_OPPOSING: Final = frozenset(("de", "dis", "non", "un"))
_LEAST_OPPOSED: Final = 4
_UNKNOWN_COST: Final = 12.0
"""Of one character that no word covers, in nats; the rarest known word costs about as much."""


def parts(identifier: str) -> list[str]:
    """`getHTTPServers2` → `get`, `http`, `servers`, `2`."""
    return [part.lower() for part in _PART.findall(identifier[:MAX_IDENTIFIER])]


def pieces(part: str, costs: Mapping[str, float]) -> list[str]:
    """The cheapest cover of `part` by known words; what no word covers is left out.

    Args:
        part: lower case.
        costs: word → its cost, the negative logarithm of its frequency.
    """
    best = [0.0]
    start_of = [0]
    for end in range(1, len(part) + 1):
        cost, start = best[end - 1] + _UNKNOWN_COST, end - 1
        for begin in range(max(0, end - MAX_WORD), end - 1):
            candidate = best[begin] + costs.get(part[begin:end], 1e9)
            if candidate < cost:
                cost, start = candidate, begin
        best.append(cost)
        start_of.append(start)
    return _walk_back(part, start_of)


def is_opposite(part: str, joined: Sequence[str]) -> bool:
    """Whether a part that is joined from these words is the opposite of the second: `dehydrate` of `hydrate`."""
    return len(joined) == 2 and joined[0] in _OPPOSING and len(joined[1]) >= _LEAST_OPPOSED and "".join(joined) == part  # noqa: PLR2004 -- two


def _walk_back(part: str, start_of: list[int]) -> list[str]:
    """The words that `pieces` chose, in order. Single characters stand for nothing."""
    found: list[str] = []
    end = len(part)
    while end:
        begin = start_of[end]
        if end - begin > 1:
            found.append(part[begin:end])
        end = begin
    return found[::-1]
