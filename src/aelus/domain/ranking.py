"""One order out of what several stages found, with what names, paths, files, the graph and likeness of words say in addition.

All of it is evidence (`domain.evidence`), weighed and added up: once to choose a shortlist, and again when more is known of that.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from aelus.domain.chunking import embedding_text
from aelus.domain.declarations import definitions_of
from aelus.domain.evidence import Evidence, evidence_of, shares_of, weighing
from aelus.domain.graph import NodeId
from aelus.domain.path_class import PathClass, asks_for
from aelus.domain.query_names import only_names, query_names
from aelus.domain.ranking_weights import DEFAULT_WEIGHTS, Weights
from aelus.domain.search import NO_TIES, Grouping, ScoredChunk, Ties
from aelus.domain.symbol_names import is_suffix
from aelus.domain.terms import longness, query_terms

VECTOR: Final = "vector"
LEXICAL: Final = "lexical"
SYMBOL: Final = "symbol"
SPELLING: Final = "spelling"
PATH: Final = "path"
GRAPH: Final = "graph"

SHORTLIST: Final = 60
"""Chunks that files, the graph and likeness of words are asked about; more where more hits are wanted."""
_LEADERS: Final = 10
"""Chunks whose callers and callees are lifted."""
_OF_ONE_FILE: Final = 4
_HEAD: Final = 200
"""Letters of a chunk that say what it is."""
_MOST_USES: Final = math.log1p(64)
_PATH_SCORE: Final = 1.0
"""Score of `VectorStore.named` for a file; those of symbols are higher."""
_PARTS_SCORE: Final = 2.5
"""Of a definition whose last names were asked for, `Cart.total`: between a simple and a full name."""
_BEST_NAMED: Final = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What each stage found, best first."""

    vector: Sequence[ScoredChunk] = ()
    lexical: Sequence[ScoredChunk] = ()
    named: Sequence[ScoredChunk] = ()
    alike: Sequence[ScoredChunk] = ()
    placed: Sequence[ScoredChunk] = ()
    """What shows a place that the question names."""


class Likeness(NamedTuple):
    """Of the question's words to those of each chunk of the shortlist, 0 to 1; see `ports.affinity`."""

    names: Sequence[float] = ()
    heads: Sequence[float] = ()
    texts: Sequence[float] = ()


class Ranked(NamedTuple):
    found: ScoredChunk
    score: float
    why: tuple[str, ...]


@dataclass(slots=True)
class Candidate:
    found: ScoredChunk
    evidence: Evidence
    stages: set[str]
    score: float = 0.0


class Ranking:
    """The chunks that the stages found, in the order of what they and the chunks themselves say."""

    def __init__(self, query: str, found: Found, weights: Weights = DEFAULT_WEIGHTS, *, limit: int = SHORTLIST) -> None:
        self.by_name = only_names(query)
        self._shows_declarations = asks_for(query_terms(query), PathClass.DECLARATION)
        self._weights = weights
        self._long = longness(query)
        self._candidates = _candidates(query, found, self._long)
        weighed = weighing(weights.name if self.by_name else weights.shortlisting)
        for one in self._candidates:
            one.score = weighed(one.evidence)
        self._candidates.sort(key=_order)
        self.shortlist: Sequence[Candidate] = self._candidates[: max(SHORTLIST, limit)]

    @property
    def candidates(self) -> Sequence[Candidate]:
        """Best first."""
        return self._candidates

    def nodes(self) -> tuple[NodeId, ...]:
        """Of the shortlist, for `best`."""
        return tuple(dict.fromkeys(one.found.chunk.node_id for one in self.shortlist if one.found.chunk.node_id))

    def names(self) -> list[str]:
        """Qualified names of the shortlist, for `Likeness`."""
        return [one.found.chunk.qualified_name for one in self.shortlist]

    def heads(self) -> list[str]:
        """Names and first lines of it."""
        return [f"{one.found.chunk.qualified_name}\n{one.found.chunk.text[:_HEAD]}" for one in self.shortlist]

    def texts(self) -> list[str]:
        """All of it."""
        return [embedding_text(one.found.chunk) for one in self.shortlist]

    def weigh(self, ties: Ties, likeness: Likeness) -> None:
        """Complete the evidence of the shortlist and put it in order by all of it; what is not on the list stays behind it."""
        if not self.shortlist:
            return
        shortlist, floor = self.shortlist, self.shortlist[-1].score
        _add_files(shortlist)
        _add_ties(shortlist, ties)
        for one, name, head, text in zip(shortlist, likeness.names, likeness.heads, likeness.texts, strict=False):
            one.evidence.like_name, one.evidence.like_head, one.evidence.like_text = name, head, text
        weighed = weighing(self._weights.name if self.by_name else self._weights.words)
        for one in shortlist:
            one.score = weighed(one.evidence)
        drop = min(one.score for one in shortlist) - floor
        for one in self._candidates[len(shortlist) :]:
            one.score += drop
        self._candidates.sort(key=_order)

    def best(self, *, limit: int, group: Grouping = Grouping.SPREAD) -> tuple[Ranked, ...]:
        """The best chunks, each once, best first; equal scores are ordered by path and line."""
        candidates = self._candidates if self._shows_declarations else _defined(self._candidates)
        # What a long question reports may lie in several places of one function.
        kept = _grouped(candidates, group, self._weights.further, self._weights.part * (1 - self._long))
        return tuple([Ranked(one.found, score, tuple(sorted(one.stages))) for score, one in kept[:limit]])


def rank(
    query: str,
    found: Found,
    *,
    limit: int,
    weights: Weights = DEFAULT_WEIGHTS,
    ties: Ties = NO_TIES,
    likeness: Likeness = Likeness(),  # noqa: B008 -- a tuple
    group: Grouping = Grouping.SPREAD,
) -> tuple[Ranked, ...]:
    """All steps of `Ranking` in one."""
    ranking = Ranking(query, found, weights, limit=limit)
    ranking.weigh(ties, likeness)
    return ranking.best(limit=limit, group=group)


Key = tuple[int, str]
"""Repository, and a chunk, a definition or a path of it."""


def _candidates(query: str, found: Found, long: float) -> list[Candidate]:
    candidates: dict[Key, Candidate] = {}
    shares = shares_of(query_terms(query))
    for scored, stage, field, value in _stages(found):
        key = scored.repository_id.int, scored.chunk.id
        one = candidates.get(key) or candidates.setdefault(key, Candidate(scored, evidence_of(scored.chunk, shares), set()))
        one.stages.add(stage)
        setattr(one.evidence, field, max(value, getattr(one.evidence, field)))
    _reward_last_names(candidates.values(), query)
    _add_bm25(candidates, found.lexical, long)
    return list(candidates.values())


def _reward_last_names(candidates: Iterable[Candidate], query: str) -> None:
    """`Cart.total` names a definition, though neither by its full nor by its simple name."""
    names = [name for name in query_names(query) if "." in name and "/" not in name]
    for one in candidates if names else ():
        if any(is_suffix(name, one.found.chunk.qualified_name) for name in names):
            one.stages.add(SYMBOL)
            one.evidence.named = max(_PARTS_SCORE / _BEST_NAMED, one.evidence.named)


def _add_bm25(candidates: Mapping[Key, Candidate], lexical: Sequence[ScoredChunk], long: float) -> None:
    """What the words of a question that is so long say of passages and of whole files."""
    if not long or not lexical:
        return
    best = max(scored.score for scored in lexical)
    for scored in lexical:
        candidates[scored.repository_id.int, scored.chunk.id].evidence.bm25 = long * scored.score / best
    files = {(scored.repository_id.int, scored.chunk.path): scored.file_score for scored in lexical}
    best_file = max(files.values()) or 1.0
    for one in candidates.values():
        one.evidence.file_bm25 = long * files.get(_file(one), 0.0) / best_file


def _stages(found: Found) -> Iterator[tuple[ScoredChunk, str, str, float]]:
    """Every chunk with the stage that found it and the evidence that this is."""
    lowest = min((scored.score for scored in found.vector), default=0.0)
    span = max((scored.score for scored in found.vector), default=0.0) - lowest
    for scored in found.vector:
        yield scored, VECTOR, "meaning", (scored.score - lowest) / span if span > 0 else 1.0
    for scored in found.lexical:
        yield scored, LEXICAL, "coverage", scored.coverage
    for scored in found.named:
        yield scored, SYMBOL if scored.score > _PATH_SCORE else PATH, "named", scored.score / _BEST_NAMED
    for scored in found.alike:
        yield scored, SPELLING, "named", scored.score / _BEST_NAMED
    for scored in found.placed:
        yield scored, PATH, "named", 1.0


def _add_ties(shortlist: Sequence[Candidate], ties: Ties) -> None:
    """Lift what is used much, and the callers and callees of the best."""
    lifts = _lifts(shortlist, ties)
    for one in shortlist:
        node = one.found.chunk.node_id
        one.evidence.uses = min(math.log1p(ties.uses.get(node, 0)) / _MOST_USES, 1.0)
        if lifts.get(node):
            one.evidence.neighbour = lifts[node]
            one.stages.add(GRAPH)


def _lifts(shortlist: Sequence[Candidate], ties: Ties) -> Mapping[NodeId, float]:
    """The share of the best leader that each node calls or is called by."""
    neighbours: dict[NodeId, set[NodeId]] = defaultdict(set)
    for caller, callee in ties.calls:
        neighbours[caller].add(callee)
        neighbours[callee].add(caller)
    lifts: dict[NodeId, float] = {}
    for one, share in zip(shortlist[:_LEADERS], _shares(shortlist), strict=False):
        for node in neighbours[one.found.chunk.node_id] - {one.found.chunk.node_id}:
            lifts[node] = max(lifts.get(node, 0.0), share)
    return lifts


def _add_files(shortlist: Sequence[Candidate]) -> None:
    """The mean share of the best chunks of each file."""
    shares: dict[Key, list[float]] = defaultdict(list)
    for one, share in zip(shortlist, _shares(shortlist), strict=True):
        shares[_file(one)].append(share)
    for one in shortlist:
        one.evidence.file = sum(shares[_file(one)][:_OF_ONE_FILE]) / _OF_ONE_FILE


def _shares(shortlist: Sequence[Candidate]) -> list[float]:
    """Where each stands between the last and the first of the list."""
    lowest = shortlist[-1].score
    span = shortlist[0].score - lowest
    return [(one.score - lowest) / span if span > 0 else 1.0 for one in shortlist]


def _defined(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """Definitions in the place of the best of them and their declarations, without these."""
    twins = definitions_of(candidates, lambda one: one.found)
    if not twins:
        return candidates
    scores = [one.score for one in candidates]
    for declaration, definition in twins.items():
        scores[definition] = max(scores[definition], scores[declaration])
    kept = [replace(one, score=score) for place, (one, score) in enumerate(zip(candidates, scores, strict=True)) if place not in twins]
    return sorted(kept, key=_order)


def _grouped(candidates: Sequence[Candidate], group: Grouping, further: float, part: float) -> Sequence[tuple[float, Candidate]]:
    """Scores and candidates, best first."""
    shown: set[Key] = set()
    kept: list[tuple[float, Candidate]] = []
    for one in candidates:
        file, definition = _file(one), (one.found.repository_id.int, one.found.chunk.node_id)
        if group is not Grouping.FILE or file not in shown:
            # The second behind a file's first loses as much as the fifth: what lies together in one file is often the answer together.
            loss = further * (file in shown) + part * (definition in shown)
            kept.append((one.score - loss if group is Grouping.SPREAD else one.score, one))
        shown |= {file, definition} if one.found.chunk.node_id else {file}
    return sorted(kept, key=lambda entry: -entry[0])


def _file(one: Candidate) -> Key:
    return one.found.repository_id.int, one.found.chunk.path


def _order(one: Candidate) -> tuple[float, str, int, str]:
    chunk = one.found.chunk
    return -one.score, chunk.path, chunk.start_line, chunk.id
