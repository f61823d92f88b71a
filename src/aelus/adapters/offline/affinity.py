"""Likeness of words by their vectors: `delete` is like `remove`, and a passage with one answers for the other."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import cached_property
from itertools import chain
from typing import Final

import numpy as np

from aelus.adapters.offline.table import Floats, RowCounter, load_table

_SAME: Final = 0.9
"""Likeness from which a passage is said to have a word."""
_ALONE: Final = 1 << 18
"""Multiplications that one thread of BLAS does alone."""
_MAX_WORDS: Final = 64
"""Of a question, and `_MAX_LETTERS` of a passage: more say little more and take long."""
_MAX_LETTERS: Final = 4000


class OfflineAffinity:
    """By the table of the offline embedder, whatever embedder is in use. Satisfies `ports.affinity.Affinity`.

    Args:
        remembered_identifiers: as in `OfflineEmbedder`.
    """

    def __init__(self, *, remembered_identifiers: int = 50_000) -> None:
        self._remembered = remembered_identifiers

    @cached_property
    def _counter(self) -> RowCounter:
        return RowCounter(load_table(), self._remembered)

    async def measure(self, question: str, passages: Sequence[str]) -> list[float]:
        """In a worker thread."""
        return await asyncio.to_thread(self._measure, question, passages)

    def _measure(self, question: str, passages: Sequence[str]) -> list[float]:
        asked = list(self._counter.count(question))[:_MAX_WORDS]
        rows = [list(self._counter.count(passage[:_MAX_LETTERS])) for passage in passages]
        filled = [place for place, known in enumerate(rows) if known]
        found = np.zeros(len(passages), np.float32)
        if asked and filled:
            found[filled] = self._likeness(asked, [rows[place] for place in filled])
        return [float(value) for value in found]

    def _likeness(self, asked: list[int], rows: Sequence[list[int]]) -> Floats:
        """Shape: (passages,)."""
        table = load_table()
        words, places = np.unique(np.fromiter(chain.from_iterable(rows), np.intp), return_inverse=True)
        questions, lengths = _directions(asked)
        alike = np.maximum(_products(_directions(words)[0], questions), 0)
        starts = np.cumsum([0, *(len(known) for known in rows[:-1])])
        best = np.maximum.reduceat(alike[places], starts, axis=0)
        rarity = np.log1p(len(rows) / (1 + (best > _SAME).sum(0)))
        weights = table.query_weights[asked] * lengths * rarity
        total = float(weights.sum())
        return best @ weights / total if total > 0 else np.zeros(len(rows), np.float32)


def _products(vectors: Floats, questions: Floats) -> Floats:
    """Of every vector with every question; so few at a time that BLAS does not wake other threads, which takes longer than the whole."""
    step = max(_ALONE // questions.size, 1)
    return np.concatenate([vectors[start : start + step] @ questions.T for start in range(0, len(vectors), step)])


def _directions(rows: Sequence[int] | np.ndarray) -> tuple[Floats, Floats]:
    """Unit vectors of table rows, and their lengths before."""
    vectors = load_table().rows.take(rows, axis=0).astype(np.float32)
    lengths = np.linalg.norm(vectors, axis=1)
    return vectors / np.maximum(lengths, 1)[:, None], lengths
