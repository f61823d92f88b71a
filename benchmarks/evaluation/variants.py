"""Rankings that are compared: one stage alone, one kind of evidence after the other, and everything without one kind."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Final, NamedTuple

from aelus.domain.evidence import Evidence
from aelus.domain.ranking_weights import DEFAULT_WEIGHTS, Weights
from aelus.domain.search import SearchMode

ALL: Final = "everything"
_NONE: Final = Weights(shortlisting=Evidence(), words=Evidence(), name=Evidence(), further=0.0, part=0.0)
SPREAD: Final = ("further", "part")
_STEPS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("words and vectors", ("meaning", "coverage")),
    ("words of long questions", ("bm25", "file_bm25")),
    ("asked names", ("named",)),
    ("words of names", ("name",)),
    ("words of paths", ("path",)),
    ("kind of code by path", ("test", "example", "vendored", "legacy", "declaration")),
    ("top level, types, documents", ("top_level", "type", "document")),
    ("length", ("length",)),
    ("uses", ("uses",)),
    ("neighbours", ("neighbour",)),
    ("files", ("file",)),
    ("likeness of words", ("like_name", "like_head", "like_text")),
    ("spreading", SPREAD),
)
"""What each step takes over from the weights in use."""


class Variant(NamedTuple):
    name: str
    weights: Weights | None
    """None for one stage's own order."""
    mode: SearchMode = SearchMode.HYBRID


def variants() -> list[Variant]:
    """In the order of the table."""
    found = [Variant("BM25 alone", None, SearchMode.LEXICAL), Variant("vectors alone", None, SearchMode.VECTOR)]
    weights = _NONE
    for name, kinds in _STEPS:
        weights = _with(weights, DEFAULT_WEIGHTS, kinds)
        found.append(Variant(f"+ {name}", weights))
    assert weights == DEFAULT_WEIGHTS, "a kind of evidence belongs to no step"
    found[2] = found[2]._replace(name=_STEPS[0][0])
    found[-1] = found[-1]._replace(name=f"+ {_STEPS[-1][0]} = {ALL}")
    return found + [Variant(f"{ALL} but {name}", _with(DEFAULT_WEIGHTS, _NONE, kinds)) for name, kinds in _STEPS[1:]]


def _with(weights: Weights, other: Weights, kinds: tuple[str, ...]) -> Weights:
    if kinds == SPREAD:
        return replace(weights, further=other.further, part=other.part)
    taken = {
        field.name: replace(getattr(weights, field.name), **{kind: getattr(getattr(other, field.name), kind) for kind in kinds})
        for field in fields(Weights)
        if field.name not in SPREAD
    }
    return replace(weights, **taken)
