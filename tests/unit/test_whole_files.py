"""Whole files scored in blocks of the inverted index, as if each were one text."""

from __future__ import annotations

import numpy as np
import pytest

from aelus.adapters.postgres.lexical import BLOCK, LENGTHS, files_of, score, sizes_of
from aelus.domain.bm25 import idf, weight

TERM = 7
LENGTH = 10.0


def rows_of(term: int, numbers: list[int], value: float) -> list[dict[str, object]]:
    return [
        {
            "repository_id": 1,
            "term": term,
            "block": number // BLOCK,
            "places": np.array([number % BLOCK], np.uint16).tobytes(),
            "weights": np.array([value], np.float32).tobytes(),
        }
        for number in numbers
    ]


def test_a_file_whose_chunks_lie_in_distant_blocks_is_one_text() -> None:
    numbers, files = [3, 5 * BLOCK + 1, 9 * BLOCK], [0, 1, 0]
    held = [(1, sizes_of(rows_of(LENGTHS, numbers, LENGTH)))]
    arranged = files_of(np.array(numbers), np.array(files, np.int32))
    found = score(held, rows_of(TERM, [numbers[0], numbers[2]], 2.0), {TERM: 1.0}, 9, [(1, arranged)])
    expected = idf(2, 1) * weight(4.0, 2 * LENGTH, 1.5 * LENGTH)
    assert list(found.numbers) == [numbers[0], numbers[2]]
    assert list(found.file_scores) == pytest.approx([expected, expected])
