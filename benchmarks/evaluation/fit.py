"""Learns the ranking's weights on the packages of `learning`: `PYTHONPATH=src:benchmarks:training python -m evaluation.fit CORPUS`.

Softmax over the candidates of each question, towards those that hold an answer; every kind of question counts the same, names in questions
a third. What there are too few cases of keeps the weight that it has. First the weights that choose the shortlist, then all of them on
the shortlists that these give. Prints them for `domain/ranking_weights.py`.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aelus.adapters.offline import OfflineEmbedder
from aelus.domain.evidence import Evidence
from aelus.domain.query import parse_query
from aelus.domain.ranking import Candidate
from aelus.domain.ranking_weights import DEFAULT_WEIGHTS, Weights
from aelus.domain.tenancy import LOCAL_TENANT
from evaluation.packages import read_packages
from evaluation.questions import KINDS, Question
from evaluation.trial import Trial, trials_of

Floats = NDArray[np.float64]
FIELDS = [field.name for field in fields(Evidence)]
KEPT = {"vendored", "legacy", "bm25", "file_bm25"}
LATE = {"uses", "neighbour", "file", "like_name", "like_head", "like_text"}
"""Known of the shortlist only."""
SHARE = {KINDS["names"]: 0.3}
DECAY = 3e-3
STEPS = 200
RATE = 0.1
SCALE = 1.0
"""Weight of coverage after all: only their proportions matter."""


@dataclass(frozen=True)
class Case:
    kind: str
    evidence: Floats
    """Shape: (candidates, fields)."""
    right: NDArray[np.bool_]


def case_of(question: Question, candidates: Sequence[Candidate]) -> Case | None:
    """None where no candidate holds an answer."""
    chunks = [one.found.chunk for one in candidates]
    spans = [span for answer in question.answers for span in answer]
    right = np.array([any(span.meets(chunk.path, chunk.start_line, chunk.end_line) for span in spans) for chunk in chunks], bool)
    return Case(question.kind, np.array([astuple(one.evidence) for one in candidates]), right) if right.any() else None


async def cases_of(trials: Sequence[Trial], weights: Weights, *, shortlists: bool) -> list[Case]:
    found, embedder = [], OfflineEmbedder()
    for trial in trials:
        search = trial.search(embedder, weights)
        for question in trial.questions:
            ranking = await search.ranking(LOCAL_TENANT, parse_query(question.text))
            if not ranking.by_name:
                found.append(case_of(question, ranking.shortlist if shortlists else ranking.candidates))
    return [case for case in found if case]


def learn(cases: Sequence[Case], columns: Sequence[int]) -> Floats:
    """Weights of the columns, by Adam over all cases at once."""
    matrix = np.concatenate([case.evidence[:, columns] for case in cases])
    right = np.concatenate([case.right for case in cases])
    sizes = [len(case.right) for case in cases]
    starts, owner = np.cumsum([0, *sizes[:-1]]), np.repeat(np.arange(len(cases)), sizes)
    kinds = Counter(case.kind for case in cases)
    share = np.array([SHARE.get(case.kind, 1.0) / kinds[case.kind] for case in cases])
    share = (share / share.sum())[owner]
    spread = matrix.std(0) + 1e-6
    scaled = (matrix - matrix.mean(0)) / spread
    even = right / np.add.reduceat(right.astype(float), starts)[owner]
    weights, mean, square = (np.zeros(len(columns)) for _ in range(3))
    for step in range(1, STEPS + 1):
        chances = _softmax(scaled @ weights, starts, owner)
        won = np.where(right, chances, 0.0)
        wanted = 0.5 * even + 0.5 * won / (np.add.reduceat(won, starts) + 1e-12)[owner]
        slope = ((chances - wanted) * share) @ scaled + DECAY * weights
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        weights -= RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    learnt: Floats = weights / spread
    return learnt


def _softmax(scores: Floats, starts: NDArray[np.int64], owner: NDArray[np.int64]) -> Floats:
    powers = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
    shares: Floats = powers / np.add.reduceat(powers, starts)[owner]
    return shares


def fitted(cases: Sequence[Case], before: Evidence, names: Sequence[str], *, scale: float = 0.0) -> tuple[Evidence, float]:
    """Weights with the learnt ones in place, and what they were divided by."""
    learnt = dict(zip(names, learn(cases, [FIELDS.index(name) for name in names]), strict=True))
    scale = scale or learnt["coverage"] / SCALE
    return replace(before, **{name: round(float(value / scale), 2) for name, value in learnt.items()}), scale


async def main(corpus: Path) -> None:
    trials: list[Trial] = []
    for package in read_packages():
        if package.part == "learning" and not package.has_changes:
            print(package.name, file=sys.stderr, flush=True)
            trials += await trials_of(package, corpus, documented=True)
    early = [name for name in FIELDS if name not in KEPT | LATE]
    weights = DEFAULT_WEIGHTS
    shortlisting, scale = fitted(await cases_of(trials, weights, shortlists=False), weights.shortlisting, early)
    weights = replace(weights, shortlisting=shortlisting)
    words, _ = fitted(await cases_of(trials, weights, shortlists=True), weights.words, [*early, *sorted(LATE)], scale=scale)
    print(f"shortlisting={shortlisting}\nwords={words}")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
