"""Likeness of words that knows equal ones only."""

from __future__ import annotations

import math
from collections.abc import Sequence

from aelus.domain.terms import query_terms, text_terms


class ExactAffinity:
    """Words are alike where their stems are equal. Satisfies `ports.affinity.Affinity`."""

    async def measure(self, question: str, *views: Sequence[str]) -> list[list[float]]:
        terms, held = query_terms(question), [[frozenset(text_terms(passage)) for passage in view] for view in views]
        whole = held[-1]
        rarities = {term: weight * math.log1p(len(whole) / (1 + sum(term in words for words in whole))) for term, weight in terms.items()}
        total = sum(rarities.values())
        return [
            [sum(rarity for term, rarity in rarities.items() if term in words) / total if total else 0.0 for words in view] for view in held
        ]
