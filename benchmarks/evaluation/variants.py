"""Rankings that are compared: from one stage alone to everything, one step at a time, and everything without one part."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from aelus.domain.ranking import Weights
from aelus.domain.search import SearchMode

ALL: Final = "everything"
_FULL: Final = Weights()
_BARE: Final = Weights(
    lexical=0.65,
    vector=0.35,
    coverage=0,
    named=0,
    only_named=0,
    meaning_of_name=1,
    name=0,
    path=0,
    substance=0,
    uses=0,
    neighbour=0,
    file=0,
    top_level=1,
    type=1,
    classes=(),
)
_STEPS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("coverage", ("vector", "lexical", "coverage")),
    ("asked names", ("named", "only_named", "meaning_of_name")),
    ("words of names", ("name",)),
    ("words of paths", ("path",)),
    ("kind of code by path", ("classes",)),
    ("top level and types", ("top_level", "type")),
    ("substance", ("substance",)),
    ("uses", ("uses",)),
    ("neighbours", ("neighbour",)),
    ("files", ("file",)),
)
"""What each step takes over from the weights in use."""


class Variant(NamedTuple):
    name: str
    weights: Weights
    mode: SearchMode = SearchMode.HYBRID


def variants() -> list[Variant]:
    """In the order of the table."""
    found = [
        Variant("words alone", _BARE, SearchMode.LEXICAL),
        Variant("vectors alone", _BARE, SearchMode.VECTOR),
        Variant("words and vectors", _BARE),
    ]
    weights = _BARE
    for name, fields in _STEPS:
        weights = _with(weights, _FULL, fields)
        found.append(Variant(f"+ {name}", weights))
    assert weights == _FULL, "a weight belongs to no step"
    found[-1] = Variant(f"+ {_STEPS[-1][0]} = {ALL}", _FULL)
    return found + [Variant(f"{ALL} but {name}", _with(_FULL, _BARE, fields)) for name, fields in _STEPS]


def _with(weights: Weights, other: Weights, fields: tuple[str, ...]) -> Weights:
    return replace(weights, **{field: getattr(other, field) for field in fields})
