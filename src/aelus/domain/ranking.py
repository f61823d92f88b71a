"""One order out of what several stages found, with what names and paths say in addition.

Each stage's scores are brought to 0 to 1 and added with a weight; evidence adds to that or takes from it. The weights are no probabilities.
They were chosen on 400 functions of the Python standard library, asked for by the first sentence of their docstrings, which were taken out
of the 16,460 chunks: MRR and recall at 10 of vectors alone 0.26 and 0.46, words alone 0.35 and 0.55, all together 0.35 and 0.59.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from aelus.domain.graph import NodeKind
from aelus.domain.path_class import PathClass, asks_for, path_class
from aelus.domain.query_names import only_names, query_names
from aelus.domain.search import ScoredChunk
from aelus.domain.symbol_names import is_suffix
from aelus.domain.terms import query_terms, text_terms

VECTOR: Final = "vector"
LEXICAL: Final = "lexical"
SYMBOL: Final = "symbol"
PATH: Final = "path"

_TOP_LEVEL: Final = frozenset((NodeKind.MODULE.value, NodeKind.FILE.value))
_PATH_SCORE: Final = 1.0
"""Score of `VectorStore.named` for a file; those of symbols are higher."""
_PARTS_SCORE: Final = 2.5
"""Of a definition whose last names were asked for, `Cart.total`: between a simple and a full name."""
_BEST_NAMED: Final = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    vector: float = 0.35
    lexical: float = 0.65
    named: float = 0.5
    only_named: float = 1.5
    """Of a name, when the question is nothing else."""
    name: float = 0.45
    """Of a definition whose own name consists of the question's words."""
    path: float = 0.15
    """Of folders and files named by the question's words."""
    top_level: float = 0.7
    """Factor for the top level of files, which names much and does little."""
    classes: tuple[tuple[PathClass, float], ...] = (
        (PathClass.TEST, 0.75),
        (PathClass.EXAMPLE, 0.85),
        (PathClass.VENDORED, 0.7),
        (PathClass.DECLARATION, 0.85),
    )
    """Factors for code that the question does not ask for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What each stage found, best first."""

    vector: Sequence[ScoredChunk] = ()
    lexical: Sequence[ScoredChunk] = ()
    named: Sequence[ScoredChunk] = ()


class Ranked(NamedTuple):
    found: ScoredChunk
    score: float
    why: tuple[str, ...]


class _Entry(NamedTuple):
    found: ScoredChunk
    parts: dict[str, float]
    """Weighted score by stage."""


def rank(query: str, found: Found, *, limit: int, weights: Weights | None = None, one_per_file: bool = False) -> tuple[Ranked, ...]:
    """The best chunks, each once, best first; equal scores are ordered by path and line.

    Args:
        query: what was asked.
        found: what the stages found.
        limit: how many at most.
        weights: of stages and evidence.
        one_per_file: only the best chunk of each file.
    """
    weights = weights or Weights()
    terms = query_terms(query)
    entries = _fuse(query, found, weights)
    scored = [Ranked(entry.found, _score(entry, terms, weights), tuple(sorted(entry.parts))) for entry in entries]
    ordered = sorted(scored, key=_order)
    return tuple((_first_of_each_file(ordered) if one_per_file else ordered)[:limit])


def _fuse(query: str, found: Found, weights: Weights) -> Sequence[_Entry]:
    entries: dict[tuple[str, str], _Entry] = {}
    named = weights.only_named if only_names(query) else weights.named
    for scored, stage, score in _stages(found, weights, named):
        entry = entries.setdefault((scored.repository_id.hex, scored.chunk.id), _Entry(scored, {}))
        entry.parts[stage] = max(score, entry.parts.get(stage, 0.0))
    _reward_last_names(entries.values(), query, named)
    return tuple(entries.values())


def _reward_last_names(entries: Iterable[_Entry], query: str, weight: float) -> None:
    """`Cart.total` names a definition, though neither by its full nor by its simple name."""
    names = [name for name in query_names(query) if "." in name and "/" not in name]
    for entry in entries if names else ():
        if any(is_suffix(name, entry.found.chunk.qualified_name) for name in names):
            entry.parts[SYMBOL] = max(weight * _PARTS_SCORE / _BEST_NAMED, entry.parts.get(SYMBOL, 0.0))


def _stages(found: Found, weights: Weights, named: float) -> Iterator[tuple[ScoredChunk, str, float]]:
    for scored, share in _spans(found.vector, lowest=min((scored.score for scored in found.vector), default=0.0)):
        yield scored, VECTOR, weights.vector * share
    for scored, share in _spans(found.lexical, lowest=0.0):
        yield scored, LEXICAL, weights.lexical * share
    for scored in found.named:
        yield scored, SYMBOL if scored.score > _PATH_SCORE else PATH, named * scored.score / _BEST_NAMED


def _spans(scored: Sequence[ScoredChunk], *, lowest: float) -> Iterator[tuple[ScoredChunk, float]]:
    """Scores as shares of the way from the lowest to the best one."""
    span = max((one.score for one in scored), default=0.0) - lowest
    for one in scored:
        yield one, (one.score - lowest) / span if span > 0 else 1.0


def _score(entry: _Entry, terms: Mapping[str, float], weights: Weights) -> float:
    chunk = entry.found.chunk
    kind = path_class(chunk.path)
    factor = 1.0 if asks_for(terms, kind) else dict(weights.classes).get(kind, 1.0)
    factor *= weights.top_level if chunk.kind in _TOP_LEVEL else 1.0
    evidence = weights.name * _name_match(chunk.qualified_name, terms) + weights.path * _coverage(_words(chunk.path), terms)
    return factor * (sum(entry.parts.values()) + evidence)


def _name_match(qualified_name: str, terms: Mapping[str, float]) -> float:
    """How much of the question the definition's own name says, and how much of the name the question says: their mean."""
    name = _words(qualified_name.replace("::", ".").rpartition(".")[2])
    said = len(name & terms.keys()) / len(name) if name else 0.0
    return math.sqrt(said * _coverage(name, terms))


def _coverage(words: frozenset[str], terms: Mapping[str, float]) -> float:
    """Share of the question's weight that the words cover."""
    total = sum(terms.values())
    return sum(weight for term, weight in terms.items() if term in words) / total if total else 0.0


@lru_cache(maxsize=1 << 14)
def _words(text: str) -> frozenset[str]:
    return frozenset(text_terms(text))


def _first_of_each_file(ranked: Sequence[Ranked]) -> list[Ranked]:
    files: dict[tuple[str, str], Ranked] = {}
    for one in ranked:
        files.setdefault((one.found.repository_id.hex, one.found.chunk.path), one)
    return list(files.values())


def _order(ranked: Ranked) -> tuple[float, str, int, str]:
    chunk = ranked.found.chunk
    return -ranked.score, chunk.path, chunk.start_line, chunk.id
