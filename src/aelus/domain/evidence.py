"""What speaks for a chunk besides the stages that found it: its name, its path, its kind, how much of the question it holds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from aelus.domain.graph import DOCUMENT_KINDS, NodeKind
from aelus.domain.terms import text_terms

TOP_LEVEL: Final = frozenset((NodeKind.MODULE.value, NodeKind.FILE.value))
DOCUMENTS: Final = frozenset(kind.value for kind in DOCUMENT_KINDS)
TYPES: Final = frozenset(kind.value for kind in (NodeKind.CLASS, NodeKind.INTERFACE, NodeKind.STRUCT, NodeKind.TRAIT, NodeKind.ENUM))


def name_match(qualified_name: str, terms: Mapping[str, float]) -> float:
    """How much of the question the definition's own name says, and how much of the name the question says: their geometric mean."""
    name = words_of(qualified_name.replace("::", ".").rpartition(".")[2])
    said = len(name & terms.keys()) / len(name) if name else 0.0
    return math.sqrt(said * coverage(name, terms))


def coverage(words: frozenset[str], terms: Mapping[str, float]) -> float:
    """Share of the question's weight that the words cover."""
    total = sum(terms.values())
    return sum(weight for term, weight in terms.items() if term in words) / total if total else 0.0


@lru_cache(maxsize=1 << 14)
def words_of(text: str) -> frozenset[str]:
    """Terms of a name or path."""
    return frozenset(text_terms(text))
