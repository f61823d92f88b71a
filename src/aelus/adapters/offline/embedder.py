"""Embeds by static word vectors: no service, no key, no network."""

from __future__ import annotations

import asyncio
import zlib
from array import array
from collections.abc import Sequence
from typing import Final

import numpy as np

from aelus.adapters.offline.table import Floats, RowCounter, WordTable, load_table
from aelus.domain.search import Vector

_SLICE: Final = 64
"""Texts between two moments at which a cancelled call stops and other tasks get their turn."""


class OfflineEmbedder:
    """A passage is the weighted sum of its words' vectors, made unit length.

    A word counts by how rare it is and by the logarithm of how often it stands there. Equal texts have equal vectors,
    whatever else is in the batch. Satisfies `ports.embedder.Embedder`; raises nothing.

    Args:
        remembered_identifiers: identifiers whose words are kept at hand, about 150 bytes each.
    """

    def __init__(self, *, remembered_identifiers: int = 200_000) -> None:
        self._table: WordTable = load_table()
        self._counter = RowCounter(self._table, remembered_identifiers)

    @property
    def model(self) -> str:
        return self._table.model

    @property
    def dimensions(self) -> int:
        return self._table.dimensions

    @property
    def remote(self) -> bool:
        return False

    def knows(self, text: str) -> bool:
        return self._table.knows(text)

    async def embed_documents(self, texts: Sequence[str]) -> list[Vector]:
        """Embed passages, in order, in a worker thread."""
        found: list[Vector] = []
        for start in range(0, len(texts), _SLICE):
            found += await asyncio.to_thread(self._embed_slice, texts[start : start + _SLICE])
        return found

    async def embed_query(self, text: str) -> Vector:
        return self._embed(text, self._table.query_weights)

    def _embed_slice(self, texts: Sequence[str]) -> list[Vector]:
        return [self._embed(text, self._table.document_weights) for text in texts]

    def _embed(self, text: str, weights: Floats) -> Vector:
        counts = self._counter.count(text)
        if not counts:
            return self._direction_of(text)
        rows = np.fromiter(counts, np.intp, len(counts))
        frequencies = np.fromiter(counts.values(), np.float32, len(counts))
        pooled = (np.log1p(frequencies) * weights[rows]) @ self._table.rows.take(rows, axis=0).astype(np.float32)
        length = float(np.sqrt(pooled @ pooled))
        return _vector(pooled / np.float32(length)) if length > 0 else self._direction_of(text)

    def _direction_of(self, text: str) -> Vector:
        """Of a text without a word: an axis of its own, so that only equal texts are sure to be alike."""
        axis = np.zeros(self.dimensions, np.float32)
        axis[zlib.crc32(text.encode("utf-8", "surrogatepass")) % self.dimensions] = 1
        return _vector(axis)


def _vector(values: Floats) -> Vector:
    return array("f", values.astype(np.float32, copy=False).tobytes())
