"""What each kind of evidence counts: for a question in words, and for one that is nothing but a name.

Those for questions are learnt by `python -m evaluation.fit` on the packages of the evaluation set that are for learning (`docs/search.md`);
those of `bm25` and `file_bm25`, which only long questions have, are chosen by messages of changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aelus.domain.evidence import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    shortlisting: Evidence
    """Of what each chunk says by itself: they choose whom the graph and the words' likeness are asked about."""
    words: Evidence
    """For a question."""
    name: Evidence
    """For a name."""
    further: float
    """Taken off what is not the best chunk of its file, where hits are spread."""
    part: float
    """Taken off what is not the best chunk of its definition as well, unless the question is long."""


DEFAULT_WEIGHTS: Final = Weights(
    shortlisting=Evidence(
        meaning=0.85, coverage=1.0, bm25=1.0, file_bm25=1.0, named=0.54, name=0.66, path=0.59, length=0.53,
        test=-0.99, example=-0.87, vendored=-0.9, legacy=-0.5, declaration=-1.35, top_level=-0.87, type=-0.5, document=-1.54,
    ),
    words=Evidence(
        meaning=0.5, coverage=0.49, bm25=0.7, file_bm25=0.9, named=0.97, name=0.09, path=0.23, length=0.45,
        test=-1.09, example=-1.1, vendored=-0.9, legacy=-0.5, declaration=-1.47, top_level=-0.75, type=-0.38, document=-1.72,
        uses=0.23, neighbour=0.24, file=0.42, like_name=1.86, like_head=0.51, like_text=0.8,
    ),
    name=Evidence(
        meaning=0.06, coverage=1.1, named=1.5, name=0.3, path=0.25, length=0.1,
        test=-0.6, example=-0.25, vendored=-0.45, legacy=-0.25, declaration=-0.25, top_level=-0.8, type=-0.1, document=-0.7,
        uses=0.33, neighbour=0.2, file=0.35,
    ),
    further=0.5,
    part=0.3,
)  # fmt: skip
