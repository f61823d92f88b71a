"""How good an order is: nDCG@10, the reciprocal rank of the first answer, and the share of the answers among the first hits.

By line a hit is right where it meets the lines of an answer that no earlier hit met; by file where it is the first hit of a file that holds
an answer. Further hits of a file take up places, as they do for who reads them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from aelus.domain.search import Hit, ScoredChunk
from evaluation.questions import Question

DEPTH = 10
RECALLS = (5, 10, 20)


@dataclass(frozen=True, kw_only=True)
class Quality:
    """Of one question, or the mean of several."""

    ndcg: float
    ndcg_by_file: float
    reciprocal_rank: float
    recall: tuple[float, ...]
    """By line, at the depths of `RECALLS`."""


def quality_of(question: Question, hits: Sequence[Hit | ScoredChunk]) -> Quality:
    ranks = ranks_by_line(question, hits)
    return Quality(
        ndcg=_ndcg(ranks, len(question.answers)),
        ndcg_by_file=_ndcg(*ranks_by_file(question, hits)),
        reciprocal_rank=1 / ranks[0] if ranks else 0.0,
        recall=tuple(sum(rank <= depth for rank in ranks) / len(question.answers) for depth in RECALLS),
    )


def ranks_by_line(question: Question, hits: Sequence[Hit | ScoredChunk]) -> list[int]:
    """Ranks, from 1, at which an answer is met for the first time; one hit meets one answer."""
    open_answers, ranks = list(question.answers), []
    for rank, hit in enumerate(hits, 1):
        chunk = hit.chunk
        met = [answer for answer in open_answers if any(span.meets(chunk.path, chunk.start_line, chunk.end_line) for span in answer)]
        if met:
            open_answers.remove(met[0])
            ranks.append(rank)
    return ranks


def ranks_by_file(question: Question, hits: Sequence[Hit | ScoredChunk]) -> tuple[list[int], int]:
    """Ranks of the first hits of the files with an answer, and how many such files there are."""
    wanted = [{span.path for span in answer} for answer in question.answers]
    distinct = {frozenset(paths) for paths in wanted}
    ranks: list[int] = []
    for rank, hit in enumerate(hits, 1):
        met = {paths for paths in distinct if hit.chunk.path in paths}
        ranks += [rank] if met else []
        distinct -= met
    return ranks, len({frozenset(paths) for paths in wanted})


def _ndcg(ranks: Iterable[int], answers: int) -> float:
    gain = sum(1 / math.log2(rank + 1) for rank in ranks if rank <= DEPTH)
    return gain / sum(1 / math.log2(rank + 1) for rank in range(1, min(answers, DEPTH) + 1))


def mean(qualities: Sequence[Quality]) -> Quality:
    return Quality(
        ndcg=fmean(one.ndcg for one in qualities),
        ndcg_by_file=fmean(one.ndcg_by_file for one in qualities),
        reciprocal_rank=fmean(one.reciprocal_rank for one in qualities),
        recall=tuple(map(fmean, zip(*(one.recall for one in qualities), strict=True))),
    )
