"""Likeness of words by their vectors: `delete` is like `remove`, and a passage with one answers for the other."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from hashlib import blake2b
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aelus.adapters.offline.table import Floats, RowCounter, load_table

_SAME: Final = 0.9
"""Likeness from which a passage is said to have a word."""
_OPPOSITE: Final = 0.8
"""What the likeness of a word to the opposite of one counts."""
_ALONE: Final = 1 << 18
"""Multiplications that one thread of BLAS does alone."""
_MAX_WORDS: Final = 64
"""Of a question, and `_MAX_LETTERS` of a passage: more say little more and take long."""
_MAX_LETTERS: Final = 4000
_ROW: Final = np.dtype(np.int32)
_DIGEST_BYTES: Final = 16


class OfflineAffinity:
    """By the table of the offline embedder, whatever embedder is in use. Satisfies `ports.affinity.Affinity`.

    Args:
        remembered_identifiers: as in `OfflineEmbedder`.
        remembered_passages: whose words are kept at hand, about 350 bytes each. Questions to one repository meet the same ones again.
    """

    def __init__(self, *, remembered_identifiers: int = 50_000, remembered_passages: int = 20_000) -> None:
        self._remembered = remembered_identifiers
        self._passages = remembered_passages
        self._known: dict[bytes, bytes] = {}

    @cached_property
    def _counter(self) -> RowCounter:
        return RowCounter(load_table(), self._remembered, opposites=True)

    @cached_property
    def _lengths(self) -> Floats:
        """Of the table's rows, before their scale."""
        rows = load_table().rows
        lengths: Floats = np.sqrt(np.einsum("ij,ij->i", rows, rows, dtype=np.float32))
        return lengths

    async def measure(self, question: str, *views: Sequence[str]) -> list[list[float]]:
        """In a worker thread."""
        return await asyncio.to_thread(self._measure, question, views)

    def _measure(self, question: str, views: Sequence[Sequence[str]]) -> list[list[float]]:
        asked = list(self._counter.count(question))[:_MAX_WORDS]
        rows = [self._rows(passage[:_MAX_LETTERS]) for passage in chain.from_iterable(views)]
        filled = [place for place, known in enumerate(rows) if known]
        found = np.zeros(len(rows), np.float32)
        if asked and filled:
            best = self._best(asked, [rows[place] for place in filled])
            whole = bisect_left(filled, len(rows) - len(views[-1]))
            found[filled] = self._means(asked, best, best[whole:])
        ends = np.cumsum([len(view) for view in views])
        return [[float(value) for value in part] for part in np.split(found, ends[:-1])]

    def _rows(self, passage: str) -> bytes:
        """The numbers of a passage's words in the table, each once."""
        key = blake2b(passage.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES).digest()
        known = self._known.get(key)
        if known is None:
            known = np.fromiter(self._counter.rows(passage), _ROW).tobytes()
            if len(self._known) >= self._passages:
                self._known.clear()
            self._known[key] = known
        return known

    def _best(self, asked: list[int], rows: Sequence[bytes]) -> Floats:
        """Of each passage's words the likest to each word of the question. Shape: (passages, words of the question)."""
        table = load_table()
        said = np.frombuffer(b"".join(rows), _ROW)
        distinct, places = _distinct(said, 2 * len(table.rows))
        (words, opposites), (wanted, unwanted) = _apart(distinct), _apart(np.array(asked))
        questions = np.divide(table.rows[wanted], np.maximum(self._lengths[wanted], 1)[:, None], dtype=np.float32)
        alike = np.maximum(_products(words, questions) / np.maximum(self._lengths[words], 1)[:, None], 0)
        if opposites.any() or unwanted.any():
            alike[opposites[:, None] != unwanted] *= _OPPOSITE
        starts = np.cumsum([0, *[len(known) // _ROW.itemsize for known in rows[:-1]]])
        best: Floats = np.maximum.reduceat(alike[places], starts, axis=0)
        return best

    def _means(self, asked: list[int], best: Floats, whole: Floats) -> Floats:
        """Over the question's words, each weighted by how few of the whole passages have it. Shape: (passages,)."""
        rarity = np.log1p(len(whole) / (1 + (whole > _SAME).sum(0)))
        words, _ = _apart(np.array(asked))
        weights = load_table().query_weights[words] * self._lengths[words] * rarity
        total = float(weights.sum())
        return best @ weights / total if total > 0 else np.zeros(len(best), np.float32)


def _apart(numbers: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Rows of the table, and which of them stand for the opposites of their words."""
    count = len(load_table().rows)
    return numbers % count, numbers >= count


def _distinct(said: NDArray[np.int32], size: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The different numbers below `size`, and which of them each is: sorting them takes several times as long."""
    marked = np.zeros(size, bool)
    marked[said] = True
    distinct = np.flatnonzero(marked)
    place_of = np.empty(size, np.intp)
    place_of[distinct] = np.arange(len(distinct))
    return distinct, place_of[said]


def _products(words: NDArray[np.intp], questions: Floats) -> Floats:
    """Of every word's row with every question.

    They are so few at a time that BLAS does not wake other threads, which takes longer than the whole.
    """
    rows = load_table().rows
    step = max(_ALONE // questions.size, 1)
    return np.concatenate(
        [rows.take(words[start : start + step], axis=0).astype(np.float32) @ questions.T for start in range(0, len(words), step)]
    )
