"""One order out of what several stages found, with what names, paths, files and the graph say in addition.

Each stage's scores are brought to 0 to 1 and added with a weight; evidence adds to that or takes from it. The weights are no probabilities:
they were chosen on the development half of the evaluation set, where each of them earns its place (`docs/search.md`).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from aelus.domain.evidence import DOCUMENTS, TOP_LEVEL, TYPES, coverage, name_match, words_of
from aelus.domain.graph import NodeId
from aelus.domain.path_class import PathClass, asks_for, path_class
from aelus.domain.query_names import only_names, query_names
from aelus.domain.search import NO_TIES, Grouping, ScoredChunk, Ties
from aelus.domain.symbol_names import is_suffix
from aelus.domain.terms import query_terms

VECTOR: Final = "vector"
LEXICAL: Final = "lexical"
SYMBOL: Final = "symbol"
PATH: Final = "path"
GRAPH: Final = "graph"

SHORTLIST: Final = 60
"""Chunks that files and the graph are asked about."""
_LEADERS: Final = 10
"""Chunks whose callers and callees are lifted."""
_OF_ONE_FILE: Final = 4
_NEXT_OF_FILE: Final = 0.6
"""What each further chunk of a file counts, of the one before."""
_MOST_USES: Final = math.log1p(64)
_SUBSTANTIAL: Final = 1600
"""Letters of a chunk that is as substantial as it can be."""
_PATH_SCORE: Final = 1.0
"""Score of `VectorStore.named` for a file; those of symbols are higher."""
_PARTS_SCORE: Final = 2.5
"""Of a definition whose last names were asked for, `Cart.total`: between a simple and a full name."""
_BEST_NAMED: Final = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    vector: float = 0.56
    lexical: float = 0.15
    coverage: float = 0.95
    """Of the share of the question's telling words that a chunk holds at all."""
    named: float = 0.4
    only_named: float = 1.5
    """Of a name, when the question is nothing else."""
    meaning_of_name: float = 0.1
    """Factor for the vector stage then: a name has little meaning beyond its words."""
    name: float = 0.3
    """Of a definition whose own name consists of the question's words."""
    path: float = 0.25
    """Of folders and files named by the question's words."""
    substance: float = 0.1
    """Of a chunk's length."""
    uses: float = 0.33
    """Of being used much, by the graph."""
    neighbour: float = 0.2
    """Of calling, or being called by, one of the best chunks: a share of that one's score."""
    file: float = 0.35
    """Of other good chunks in the same file."""
    top_level: float = 0.4
    """Factor for the top level of files, which names much and does little."""
    type: float = 0.95
    """Factor for classes, whose members stand for themselves."""
    document: float = 0.5
    """Factor for documents, which tell of the code that is looked for."""
    classes: tuple[tuple[PathClass, float], ...] = (
        (PathClass.TEST, 0.6),
        (PathClass.EXAMPLE, 0.85),
        (PathClass.VENDORED, 0.7),
        (PathClass.LEGACY, 0.85),
        (PathClass.DECLARATION, 0.85),
    )
    """Factors for code that the question does not ask for."""


DEFAULT_WEIGHTS: Final = Weights()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What each stage found, best first."""

    vector: Sequence[ScoredChunk] = ()
    lexical: Sequence[ScoredChunk] = ()
    named: Sequence[ScoredChunk] = ()
    alike: Sequence[ScoredChunk] = ()


class Ranked(NamedTuple):
    found: ScoredChunk
    score: float
    why: tuple[str, ...]


@dataclass(slots=True)
class _Entry:
    found: ScoredChunk
    parts: dict[str, float]
    """Weighted score by stage."""
    factor: float = 1.0
    score: float = 0.0


class Ranking:
    """The chunks that the stages found, in the order of what they and the chunks themselves say."""

    def __init__(self, query: str, found: Found, weights: Weights = DEFAULT_WEIGHTS) -> None:
        self._weights = weights
        self._entries = _fuse(query, found, weights)
        terms = query_terms(query)
        for entry in self._entries:
            entry.factor = _factor(entry.found, terms, weights)
            entry.score = entry.factor * (sum(entry.parts.values()) + _evidence(entry.found, terms, weights))
        self._sort()

    def nodes(self) -> tuple[NodeId, ...]:
        """Of the chunks at the top, for `best`."""
        return tuple(dict.fromkeys(entry.found.chunk.node_id for entry in self._entries[:SHORTLIST] if entry.found.chunk.node_id))

    def best(self, *, limit: int, ties: Ties = NO_TIES, group: Grouping = Grouping.NONE) -> tuple[Ranked, ...]:
        """The best chunks, each once, best first; equal scores are ordered by path and line.

        Args:
            limit: how many at most.
            ties: of the shortlist's `nodes`.
            group: `FILE` keeps the best chunk of each file only.
        """
        shortlist = self._entries[:SHORTLIST]
        _add_ties(shortlist, ties, self._weights)
        _add_files(shortlist, self._weights.file)
        self._sort()
        kept = _first_of_each_file(self._entries) if group is Grouping.FILE else self._entries
        return tuple([Ranked(entry.found, entry.score, tuple(sorted(entry.parts))) for entry in kept[:limit]])

    def _sort(self) -> None:
        self._entries.sort(key=_order)


def rank(
    query: str,
    found: Found,
    *,
    limit: int,
    weights: Weights = DEFAULT_WEIGHTS,
    ties: Ties = NO_TIES,
    group: Grouping = Grouping.NONE,
) -> tuple[Ranked, ...]:
    """`Ranking.best` in one step."""
    return Ranking(query, found, weights).best(limit=limit, ties=ties, group=group)


def _fuse(query: str, found: Found, weights: Weights) -> list[_Entry]:
    entries: dict[tuple[str, str], _Entry] = {}
    alone = only_names(query)
    named, vector = (weights.only_named, weights.vector * weights.meaning_of_name) if alone else (weights.named, weights.vector)
    for scored, stage, score in _stages(found, weights, named, vector):
        entry = entries.setdefault((scored.repository_id.hex, scored.chunk.id), _Entry(scored, {}))
        entry.parts[stage] = max(score, entry.parts.get(stage, 0.0))
    _reward_last_names(entries.values(), query, named)
    return list(entries.values())


def _reward_last_names(entries: Iterable[_Entry], query: str, weight: float) -> None:
    """`Cart.total` names a definition, though neither by its full nor by its simple name."""
    names = [name for name in query_names(query) if "." in name and "/" not in name]
    for entry in entries if names else ():
        if any(is_suffix(name, entry.found.chunk.qualified_name) for name in names):
            entry.parts[SYMBOL] = max(weight * _PARTS_SCORE / _BEST_NAMED, entry.parts.get(SYMBOL, 0.0))


def _stages(found: Found, weights: Weights, named: float, vector: float) -> Iterator[tuple[ScoredChunk, str, float]]:
    for scored, share in _spans(found.vector, lowest=min((scored.score for scored in found.vector), default=0.0)):
        yield scored, VECTOR, vector * share
    for scored, share in _spans(found.lexical, lowest=0.0):
        yield scored, LEXICAL, weights.lexical * share + weights.coverage * scored.coverage
    for scored in found.named:
        yield scored, SYMBOL if scored.score > _PATH_SCORE else PATH, named * scored.score / _BEST_NAMED
    for scored in found.alike:
        yield scored, SYMBOL, named * scored.score / _BEST_NAMED


def _spans(scored: Sequence[ScoredChunk], *, lowest: float) -> Iterator[tuple[ScoredChunk, float]]:
    """Scores as shares of the way from the lowest to the best one."""
    span = max((one.score for one in scored), default=0.0) - lowest
    for one in scored:
        yield one, (one.score - lowest) / span if span > 0 else 1.0


def _factor(found: ScoredChunk, terms: Mapping[str, float], weights: Weights) -> float:
    """For what kind of code it is, unless the question asks for that kind."""
    kind = path_class(found.chunk.path)
    factor = 1.0 if asks_for(terms, kind) else dict(weights.classes).get(kind, 1.0)
    if found.chunk.kind in TOP_LEVEL:
        return factor * weights.top_level
    if found.chunk.kind in DOCUMENTS:
        return factor * weights.document
    return factor * weights.type if found.chunk.kind in TYPES else factor


def _evidence(found: ScoredChunk, terms: Mapping[str, float], weights: Weights) -> float:
    chunk = found.chunk
    by_name = weights.name * name_match(chunk.qualified_name, terms)
    by_path = weights.path * coverage(words_of(chunk.path), terms)
    return by_name + by_path + weights.substance * min(len(chunk.text) / _SUBSTANTIAL, 1.0)


def _add_ties(shortlist: Sequence[_Entry], ties: Ties, weights: Weights) -> None:
    """Lift what is used much, and the callers and callees of the best."""
    lifts = _lifts(shortlist, ties)
    for entry in shortlist:
        node = entry.found.chunk.node_id
        entry.score += weights.uses * entry.factor * min(math.log1p(ties.uses.get(node, 0)) / _MOST_USES, 1.0)
        if lifts.get(node):
            entry.score += weights.neighbour * lifts[node]
            entry.parts[GRAPH] = 0.0


def _lifts(shortlist: Sequence[_Entry], ties: Ties) -> Mapping[NodeId, float]:
    """The score of the best leader that each node calls or is called by."""
    neighbours: dict[NodeId, set[NodeId]] = defaultdict(set)
    for caller, callee in ties.calls:
        neighbours[caller].add(callee)
        neighbours[callee].add(caller)
    lifts: dict[NodeId, float] = {}
    for entry in shortlist[:_LEADERS]:
        for node in neighbours[entry.found.chunk.node_id] - {entry.found.chunk.node_id}:
            lifts[node] = max(lifts.get(node, 0.0), entry.score)
    return lifts


def _add_files(shortlist: Sequence[_Entry], weight: float) -> None:
    """Lift the chunks of files that have several good ones."""
    scores: dict[tuple[str, str], list[float]] = defaultdict(list)
    for entry in sorted(shortlist, key=_order):
        scores[_file(entry)].append(entry.score)
    sums = {file: sum(score * _NEXT_OF_FILE**place for place, score in enumerate(found[:_OF_ONE_FILE])) for file, found in scores.items()}
    most = max(sums.values(), default=0.0)
    for entry in shortlist if most > 0 else ():
        entry.score += weight * sums[_file(entry)] / most


def _file(entry: _Entry) -> tuple[str, str]:
    return entry.found.repository_id.hex, entry.found.chunk.path


def _first_of_each_file(entries: Sequence[_Entry]) -> list[_Entry]:
    files: dict[tuple[str, str], _Entry] = {}
    for entry in entries:
        files.setdefault(_file(entry), entry)
    return list(files.values())


def _order(entry: _Entry) -> tuple[float, str, int, str]:
    chunk = entry.found.chunk
    return -entry.score, chunk.path, chunk.start_line, chunk.id
