"""What speaks for a chunk and against it, as numbers that weights add up.

Each is 0 to 1. Some are known of the chunk by itself; others only beside those it was found with.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from operator import attrgetter, mul
from typing import Final, NamedTuple

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
    bm25: float = 0.0
    """How well it answers to the words of a long question, from none to the best that the stage found."""
    file_bm25: float = 0.0
    """The same of its whole file."""
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


_KINDS: Final = tuple(field.name for field in fields(Evidence))
Weighing = Callable[[Evidence], float]
"""The sum of evidence, each kind times its weight."""
_CLASSES: Final = {
    PathClass.TEST: "test",
    PathClass.EXAMPLE: "example",
    PathClass.VENDORED: "vendored",
    PathClass.LEGACY: "legacy",
    PathClass.DECLARATION: "declaration",
}


def weighing(weights: Evidence) -> Weighing:
    """By these weights; what counts nothing is not looked at."""
    counting = [kind for kind in _KINDS if getattr(weights, kind)]
    values: Callable[[Evidence], Iterable[float]] = attrgetter(*(counting if len(counting) > 1 else _KINDS))
    factors = tuple(values(weights))
    return lambda evidence: float(sum(map(mul, values(evidence), factors)))


def shares_of(terms: Mapping[str, float]) -> dict[str, float]:
    """Of a question's terms, how much of it each is; together one."""
    total = sum(terms.values())
    return {term: weight / total for term, weight in terms.items()} if total else {}


def evidence_of(chunk: Chunk, shares: Mapping[str, float]) -> Evidence:
    """What the chunk says by itself to a question of these terms, each with its share."""
    own = _own(chunk.path, chunk.qualified_name, chunk.kind)
    found = Evidence(
        name=name_match(own.name, shares),
        path=coverage(own.path, shares),
        length=min(len(chunk.text) / _WHOLE, 1.0),
        top_level=own.top_level,
        type=own.type,
        document=own.document,
    )
    if own.code is not PathClass.PRODUCT and not asks_for(shares, own.code):
        setattr(found, _CLASSES[own.code], 1.0)
    return found


class _Own(NamedTuple):
    """What a chunk says whatever is asked."""

    name: frozenset[str]
    """Terms of its own name, and of its path."""
    path: frozenset[str]
    code: PathClass
    top_level: float
    type: float
    document: float


@lru_cache(maxsize=1 << 15)
def _own(path: str, qualified_name: str, kind: str) -> _Own:
    return _Own(
        words_of(qualified_name.replace("::", ".").rpartition(".")[2]),
        words_of(path),
        code_class(path, qualified_name),
        float(kind in TOP_LEVEL),
        float(kind in TYPES),
        float(kind in DOCUMENTS),
    )


def name_match(name: frozenset[str], shares: Mapping[str, float]) -> float:
    """How much of the question a name of these words says, and how much of the name the question says: their geometric mean."""
    if name.isdisjoint(shares):
        return 0.0
    return math.sqrt(len(name & shares.keys()) / len(name) * coverage(name, shares))


def coverage(words: frozenset[str], shares: Mapping[str, float]) -> float:
    """Share of the question that the words cover."""
    # Most say nothing of it. The order of the terms, not that of the set, decides how the sum is rounded.
    return 0.0 if words.isdisjoint(shares) else sum([share for term, share in shares.items() if term in words])


@lru_cache(maxsize=1 << 14)
def words_of(text: str) -> frozenset[str]:
    """Terms of a name or path."""
    return frozenset(text_terms(text))
