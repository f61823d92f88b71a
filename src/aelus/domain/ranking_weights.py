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
        meaning=0.91, coverage=1.0, named=0.69, name=0.69, path=0.63, length=0.44,
        test=-1.17, example=-0.89, vendored=-0.9, legacy=-0.5, declaration=-1.28, top_level=-0.89, type=-0.49, document=-0.9,
    ),
    words=Evidence(
        meaning=0.58, coverage=0.25, named=0.9, name=0.58, path=0.33, length=0.3,
        test=-1.28, example=-1.21, vendored=-0.9, legacy=-0.5, declaration=-1.25, top_level=-1.31, type=-0.46, document=-1.3,
        uses=0.15, neighbour=0.22, file=0.45, like_head=0.83, like_text=0.95,
    ),
    name=Evidence(
        meaning=0.06, coverage=1.1, named=1.5, name=0.3, path=0.25, length=0.1,
        test=-0.6, example=-0.25, vendored=-0.45, legacy=-0.25, declaration=-0.25, top_level=-0.8, type=-0.1, document=-0.8,
        uses=0.33, neighbour=0.2, file=0.35,
    ),
    further=0.15,
)  # fmt: skip
