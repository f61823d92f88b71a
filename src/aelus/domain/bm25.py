"""BM25: how well a passage answers for one term.

The score of a passage is the sum, over the query's terms, of the query's weight times `idf` times `weight`.

Source: Robertson, Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), sections 3.4 and 3.6 (weighted fields).
"""

from __future__ import annotations

import math
from typing import Final

K1: Final = 1.2
"""How fast repeating a term stops to count. Source: as above, where 1.2 to 2 is found good on many collections."""
B: Final = 0.75
"""How much a long passage is held against it, 0 to 1. Source: as above, 0.5 to 0.8."""


def idf(documents: int, containing: int) -> float:
    """Weight of a term that `containing` of `documents` have; never negative.

    Source: the form with 1 added under the logarithm, as in Lucene's `BM25Similarity`.
    """
    return math.log1p((max(documents, containing) - containing + 0.5) / (containing + 0.5))


def weight(frequency: float, length: float, average_length: float) -> float:
    """Weight of a term in a passage, 0 to `K1` + 1.

    Args:
        frequency: of the term in the passage, as `terms.document_terms` counts.
        length: sum of the passage's frequencies.
        average_length: mean length of all passages; 0 when there are none.
    """
    relative = length / average_length if average_length > 0 else 1.0
    return frequency * (K1 + 1) / (frequency + K1 * (1 - B + B * relative))
