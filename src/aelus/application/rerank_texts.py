"""Order given texts by how well they answer a question."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aelus.domain.bm25 import idf
from aelus.domain.evidence import coverage, shares_of
from aelus.domain.ranking_weights import DEFAULT_WEIGHTS, Weights
from aelus.domain.search import Vector
from aelus.domain.terms import query_terms, text_terms
from aelus.ports.affinity import Affinity
from aelus.ports.embedder import Embedder
from aelus.ports.errors import InvalidRequest

MAX_TEXTS: Final = 500
MAX_TEXT_BYTES: Final = 32 * 1024
MAX_CHARACTERS: Final = 1_000_000
"""Of all texts together: about a fifth of a second of one processor, by the offline model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedText:
    index: int
    """Place of the text among those that were given."""
    score: float
    """0 to 1; comparable within one answer only."""


class RerankTexts:
    """Weighs meaning, the question's telling words, and how like the words are, as the search does."""

    def __init__(self, *, embedder: Embedder, affinity: Affinity, weights: Weights = DEFAULT_WEIGHTS) -> None:
        self._embedder = embedder
        self._affinity = affinity
        self._weights = weights.words

    async def __call__(self, query: str, texts: Sequence[str], *, limit: int | None = None) -> tuple[RankedText, ...]:
        """The texts, best first; equal ones in the order given.

        Raises:
            InvalidRequest: the query is blank, there are more than 500 texts, one is longer than 32 KiB, or all together than a million
                characters.
            Unavailable: the embedding service is away.
        """
        _check(query, texts)
        if not texts:
            return ()
        (asked, *vectors), (likeness,) = await asyncio.gather(self._vectors(query, texts), self._affinity.measure(query, texts))
        scores = await asyncio.to_thread(self._scores, query, texts, asked, vectors, likeness)
        ranked = sorted(
            (RankedText(index=index, score=score) for index, score in enumerate(scores)), key=lambda one: (-one.score, one.index)
        )
        return tuple(ranked[:limit])

    def _scores(self, query: str, texts: Sequence[str], asked: Vector, vectors: Sequence[Vector], likeness: Sequence[float]) -> list[float]:
        words = [frozenset(text_terms(text)) for text in texts]
        shares = shares_of(_rare_first(query_terms(query), words))
        meaning, covered, alike = self._weights.meaning, self._weights.coverage, self._weights.like_text
        return [
            (meaning * max(_cosine(asked, vector), 0.0) + covered * coverage(said, shares) + alike * like) / (meaning + covered + alike)
            for vector, said, like in zip(vectors, words, likeness, strict=True)
        ]

    async def _vectors(self, query: str, texts: Sequence[str]) -> list[Vector]:
        question, vectors = await asyncio.gather(self._embedder.embed_query(query), self._embedder.embed_documents(texts))
        return [question, *vectors]


def _rare_first(terms: Mapping[str, float], words: Sequence[frozenset[str]]) -> dict[str, float]:
    """The question's terms, each weighed by how few of the texts have it."""
    return {term: weight * idf(len(words), sum(term in said for said in words)) for term, weight in terms.items()}


def _cosine(left: Vector, right: Vector) -> float:
    """Of unit vectors."""
    return sum(one * other for one, other in zip(left, right, strict=True))


def _check(query: str, texts: Sequence[str]) -> None:
    if not query.strip():
        raise InvalidRequest("The query is empty.", "Say what to look for.")
    if len(texts) > MAX_TEXTS:
        raise InvalidRequest(f"{len(texts)} texts cannot be ranked at once.", f"Give at most {MAX_TEXTS}.")
    characters = sum(map(len, texts))
    if characters > MAX_CHARACTERS:
        raise InvalidRequest(f"{characters:,} characters of text cannot be ranked at once.", f"Give at most {MAX_CHARACTERS:,} in all.")
    long = next((number for number, text in enumerate(texts) if len(text.encode("utf-8", "surrogatepass")) > MAX_TEXT_BYTES), None)
    if long is not None:
        raise InvalidRequest(f"Text {long} has more than {MAX_TEXT_BYTES} bytes.", "Give shorter passages.")
