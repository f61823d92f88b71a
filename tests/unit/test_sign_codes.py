from __future__ import annotations

from array import array

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aelus.adapters.postgres.sign_codes import Codes, nearest_codes

DIMENSIONS = 20
rows = st.lists(st.lists(st.sampled_from((-1.0, 1.0)), min_size=DIMENSIONS, max_size=DIMENSIONS), max_size=12)


def codes(vectors: list[list[float]], first: int) -> Codes:
    """As they are read: a bit for each sign, filled up to whole words."""
    filled = np.zeros((len(vectors), 8), np.uint8)
    for row, vector in enumerate(vectors):
        packed = np.packbits(np.array(vector) > 0)
        filled[row, : len(packed)] = packed
    return Codes(1, np.arange(first, first + len(vectors), dtype=np.int32), filled.view(np.uint64))


def differing(one: list[float], other: list[float]) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


@given(rows, rows, st.integers(1, 30))
def test_the_nearest_codes_differ_in_the_fewest_signs(ours: list[list[float]], theirs: list[list[float]], limit: int) -> None:
    asked = [1.0] * DIMENSIONS
    found = nearest_codes([("ours", codes(ours, 0)), ("theirs", codes(theirs, 100))], array("f", asked), limit)
    known = {("ours", number): row for number, row in enumerate(ours)} | {
        ("theirs", number + 100): row for number, row in enumerate(theirs)
    }
    distances = [differing(known[place], asked) for place in zip(*found, strict=True)]
    assert distances == sorted(differing(row, asked) for row in known.values())[:limit]
    assert len(set(zip(*found, strict=True))) == min(limit, len(known))
