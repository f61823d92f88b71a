"""What speaks for a chunk and against it, as numbers that weights add up.

Each is 0 to 1. Some are known of the chunk by itself; others only beside those it was found with.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from operator import attrgetter, mul
from typing import Final

from aelus.domain.chunks import Chunk
from aelus.domain.graph import DOCUMENT_KINDS, NodeKind
from aelus.domain.path_class import PathClass, asks_for, code_class
from aelus.domain.terms import text_terms

TOP_LEVEL: Final = frozenset((NodeKind.MODULE.value, NodeKind.FILE.value))
DOCUMENTS: Final = frozenset(kind.value for kind in DOCUMENT_KINDS)
TYPES: Final = frozenset(kind.value for kind in (NodeKind.CLASS, NodeKind.INTERFACE, NodeKind.STRUCT, NodeKind.TRAIT, NodeKind.ENUM))
_WHOLE: Final = 400
"""Letters of a chunk that does something; fewer are a declaration, or pass on to others."""


@dataclass(slots=True, kw_only=True)
class Evidence:
    """Of one chunk; or, as weights, what each kind of it counts."""

    meaning: float = 0.0
    """Nearness of its vector, from the last to the best that the stage found."""
    coverage: float = 0.0
    """Share of the question's telling words that it holds, each weighted by its rarity."""
    named: float = 0.0
    """How well it answers to a name in the question."""
    name: float = 0.0
    """How far its own name consists of the question's words."""
    path: float = 0.0
    """Share of the question's words that its path has."""
    length: float = 0.0
    test: float = 0.0
    """Code of a kind that the question does not ask for; as the next four."""
    example: float = 0.0
    vendored: float = 0.0
    legacy: float = 0.0
    declaration: float = 0.0
    top_level: float = 0.0
    """The top level of a file names much and does little."""
    type: float = 0.0
    """A class, whose members stand for themselves."""
    document: float = 0.0
    """A document tells of the code that is looked for."""
    uses: float = 0.0
    """How much the code uses it, by the graph."""
    neighbour: float = 0.0
    """How good the best chunk is that it calls or is called by."""
    file: float = 0.0
    """How good the best chunks of its file are."""
    like_name: float = 0.0
    """How like the words of its qualified name are to those of the question."""
    like_head: float = 0.0
    """How like the words of its name and first lines are to those of the question."""
    like_text: float = 0.0
    """The same of all its words."""


_VALUES: Final[Callable[[Evidence], Iterable[float]]] = attrgetter(*(field.name for field in fields(Evidence)))
_CLASSES: Final = {
    PathClass.TEST: "test",
    PathClass.EXAMPLE: "example",
    PathClass.VENDORED: "vendored",
    PathClass.LEGACY: "legacy",
    PathClass.DECLARATION: "declaration",
}


def weighed(evidence: Evidence, weights: Evidence) -> float:
    """Sum of the evidence, each kind times its weight."""
    return float(sum(map(mul, _VALUES(evidence), _VALUES(weights))))


def shares_of(terms: Mapping[str, float]) -> dict[str, float]:
    """Of a question's terms, how much of it each is; together one."""
    total = sum(terms.values())
    return {term: weight / total for term, weight in terms.items()} if total else {}


def evidence_of(chunk: Chunk, shares: Mapping[str, float]) -> Evidence:
    """What the chunk says by itself to a question of these terms, each with its share."""
    found = Evidence(
        name=name_match(chunk.qualified_name, shares),
        path=coverage(words_of(chunk.path), shares),
        length=min(len(chunk.text) / _WHOLE, 1.0),
        top_level=float(chunk.kind in TOP_LEVEL),
        type=float(chunk.kind in TYPES),
        document=float(chunk.kind in DOCUMENTS),
    )
    kind = code_class(chunk.path, chunk.qualified_name)
    if kind is not PathClass.PRODUCT and not asks_for(shares, kind):
        setattr(found, _CLASSES[kind], 1.0)
    return found


def name_match(qualified_name: str, shares: Mapping[str, float]) -> float:
    """How much of the question the definition's own name says, and how much of the name the question says: their geometric mean."""
    name = _own_words(qualified_name)
    if name.isdisjoint(shares):
        return 0.0
    return math.sqrt(len(name & shares.keys()) / len(name) * coverage(name, shares))


def coverage(words: frozenset[str], shares: Mapping[str, float]) -> float:
    """Share of the question that the words cover."""
    # Most say nothing of it. The order of the terms, not that of the set, decides how the sum is rounded.
    return 0.0 if words.isdisjoint(shares) else sum([share for term, share in shares.items() if term in words])


@lru_cache(maxsize=1 << 14)
def _own_words(qualified_name: str) -> frozenset[str]:
    return words_of(qualified_name.replace("::", ".").rpartition(".")[2])


@lru_cache(maxsize=1 << 14)
def words_of(text: str) -> frozenset[str]:
    """Terms of a name or path."""
    return frozenset(text_terms(text))
