"""Vectors from the letters of a text: no model, any number of dimensions, equal everywhere."""

from __future__ import annotations

import math
import re
from array import array
from collections import Counter
from collections.abc import Sequence
from typing import Final
from zlib import crc32

from aelus.domain.search import Vector

_WORD: Final = re.compile(r"[^\W_]+")


class HashEmbedder:
    """Every word adds to one axis, chosen by its hash: texts that share words are near each other, and that is all it knows.

    Satisfies `ports.embedder.Embedder`.
    """

    def __init__(self, dimensions: int = 32) -> None:
        self._dimensions = dimensions

    @property
    def model(self) -> str:
        return f"hash-{self._dimensions}"

    @property
    def dimensions(self) -> int:
        return self._dimensions

    @property
    def remote(self) -> bool:
        return False

    def knows(self, text: str) -> bool:
        return _WORD.search(text) is not None

    async def embed_documents(self, texts: Sequence[str]) -> list[Vector]:
        return [self._embed(text) for text in texts]

    async def embed_query(self, text: str) -> Vector:
        return self._embed(text)

    def _embed(self, text: str) -> Vector:
        sums = Counter(self._axis(word) for word in _WORD.findall(text.lower()) or [text])
        length = math.sqrt(sum(count * count for count in sums.values()))
        return array("f", (sums[axis] / length for axis in range(self._dimensions)))

    def _axis(self, word: str) -> int:
        return crc32(word.encode("utf-8", "surrogatepass")) % self._dimensions
