from __future__ import annotations

from array import array

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aelus.adapters.postgres.sign_codes import COARSE, Codes, nearest_codes

DIMENSIONS = 20


def signs(bits: int) -> list[float]:
    return [1.0 if bits >> place & 1 else -1.0 for place in range(DIMENSIONS)]


rows = st.lists(st.integers(0, 2**DIMENSIONS - 1).map(signs), max_size=12)


def codes(vectors: list[list[float]], first: int) -> Codes:
    """As they are read: a bit for each sign, filled up to whole words."""
    filled = np.zeros((len(vectors), 8), np.uint8)
    for row, vector in enumerate(vectors):
        packed = np.packbits(np.array(vector) > 0)
        filled[row, : len(packed)] = packed
    return Codes(np.arange(first, first + len(vectors), dtype=np.int32), filled.view(np.uint64).T)


def agreement(row: list[float], asked: list[int]) -> float:
    """The cosine to the row's signs, but for the lengths."""
    return sum(sign * component for sign, component in zip(row, asked, strict=True))


@given(rows, rows, st.integers(1, 30), st.permutations(range(1, DIMENSIONS + 1)))
def test_the_nearest_codes_agree_most_with_the_asked_components(
    ours: list[list[float]], theirs: list[list[float]], limit: int, asked: list[int]
) -> None:
    found = nearest_codes([("ours", codes(ours, 0)), ("theirs", codes(theirs, 100))], array("f", asked), limit)
    known = {("ours", number): row for number, row in enumerate(ours)} | {
        ("theirs", number + 100): row for number, row in enumerate(theirs)
    }
    likely = sorted(known, key=lambda place: sum(sign < 0 for sign in known[place]))[: COARSE * limit]
    best = sorted((agreement(known[place], asked) for place in likely), reverse=True)[:limit]
    assert [agreement(known[place], asked) for place in zip(*found, strict=True)] == best
    assert len(set(zip(*found, strict=True))) == min(limit, len(known))
