"""How like the words of passages are to those of a question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Affinity(Protocol):
    async def measure(self, question: str, *views: Sequence[str]) -> Sequence[Sequence[float]]:
        """For each passage of each view 0 to 1: how like the likest of its words is to each word of the question, on average.

        A word of the question counts more the more it tells, and the fewer passages of the last view have it: where several views of the
        same passages are given, their names say, the last one holds them in full. 0 where either has no word.
        """
        ...
