"""How like the words of passages are to those of a question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Affinity(Protocol):
    async def measure(self, question: str, passages: Sequence[str]) -> Sequence[float]:
        """For each passage 0 to 1: how like the likest of its words is to each word of the question, on average.

        A word of the question counts more the more it tells, and the fewer of these passages have it. 0 where either has no word.
        """
        ...
