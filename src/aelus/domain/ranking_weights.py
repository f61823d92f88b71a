"""What each kind of evidence counts: for a question in words, and for one that is nothing but a name.

Those for questions are learnt by `python -m evaluation.fit` on the development half of the evaluation set (`docs/search.md`).
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
    """Taken off for every better chunk of the same file, where hits are spread."""


DEFAULT_WEIGHTS: Final = Weights(
    shortlisting=Evidence(
        meaning=0.87, coverage=1.0, named=0.62, name=0.65, path=0.6, length=0.43,
        test=-1.12, example=-0.78, vendored=-0.9, legacy=-0.5, declaration=-1.25, top_level=-0.86, type=-0.49, document=-1.41,
    ),
    words=Evidence(
        meaning=0.54, coverage=0.23, named=0.83, name=0.56, path=0.34, length=0.29,
        test=-1.19, example=-0.88, vendored=-0.9, legacy=-0.5, declaration=-1.31, top_level=-1.27, type=-0.46, document=-1.41,
        uses=0.17, neighbour=0.23, file=0.46, like_head=0.81, like_text=1.03,
    ),
    name=Evidence(
        meaning=0.06, coverage=1.1, named=1.5, name=0.3, path=0.25, length=0.1,
        test=-0.6, example=-0.25, vendored=-0.45, legacy=-0.25, declaration=-0.25, top_level=-0.8, type=-0.1, document=-0.7,
        uses=0.33, neighbour=0.2, file=0.35,
    ),
    further=0.15,
)  # fmt: skip
