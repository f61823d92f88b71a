from __future__ import annotations

import asyncio
from array import array
from typing import Any, cast
from uuid import UUID

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aelus.adapters.postgres.database import Connection
from aelus.adapters.postgres.sign_codes import Codes, SignCodes, nearest_codes

DIMENSIONS = 20
rows = st.lists(st.lists(st.sampled_from((-1.0, 1.0)), min_size=DIMENSIONS, max_size=DIMENSIONS), max_size=12)


def codes(vectors: list[list[float]], first: int) -> Codes:
    """As they are read: a bit for each sign, filled up to whole words."""
    filled = np.zeros((len(vectors), 8), np.uint8)
    for row, vector in enumerate(vectors):
        packed = np.packbits(np.array(vector) > 0)
        filled[row, : len(packed)] = packed
    return Codes(1, np.arange(first, first + len(vectors), dtype=np.int32), filled.view(np.uint64).T)


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


class SlowRows:
    """A connection that answers when all who ask have asked."""

    def __init__(self, askers: int) -> None:
        self._barrier = asyncio.Barrier(askers)
        self.asked = 0

    async def fetch(self, *_: Any) -> list[dict[str, Any]]:
        self.asked += 1
        await self._barrier.wait()
        return [{"numbers": [1, 2, 3], "codes": bytes(3 * 8)}]


async def test_what_several_read_at_once_counts_once() -> None:
    held, rows = SignCodes(), SlowRows(5)
    read = await asyncio.gather(*[held.of(cast("Connection", rows), UUID(int=1), "shop", version=1) for _ in range(5)])
    assert rows.asked == 5
    assert held.size_bytes == read[0].size_bytes == 3 * (4 + 8)


async def test_the_least_recently_used_codes_go_when_there_is_no_room() -> None:
    held, rows = SignCodes(max_bytes=2 * 36), SlowRows(1)
    for repository in ("one", "two", "one", "three"):
        await held.of(cast("Connection", rows), UUID(int=1), repository, version=1)
    assert (rows.asked, held.size_bytes) == (3, 2 * 36)
    await held.of(cast("Connection", rows), UUID(int=1), "one", version=1)
    assert rows.asked == 3
    await held.of(cast("Connection", rows), UUID(int=1), "two", version=1)
    assert rows.asked == 4
