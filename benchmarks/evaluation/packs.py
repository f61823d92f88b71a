"""How much of the answers context packs show: `PYTHONPATH=src:benchmarks:training python -m evaluation.packs FOLDER`.

Of the questions written for the packages whose indexes lie in the folder: the share of each one's answers that a pack shows by lines of
their bodies, and by these or their signatures.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections import defaultdict
from pathlib import Path
from statistics import fmean

from aelus.adapters.memory import MemoryRepositoryStore, MemoryVectorStore
from aelus.adapters.offline import OfflineEmbedder
from aelus.application.answer_search import AnswerSearch
from aelus.application.pack_context import PackContext
from aelus.application.read_freshness import ReadFreshness
from aelus.domain.context_pack import ContextPack, Form
from aelus.domain.ranking_weights import DEFAULT_WEIGHTS
from aelus.domain.tenancy import LOCAL_TENANT
from evaluation.packages import read_packages
from evaluation.questions import KINDS, Question
from evaluation.trial import FILTERS, Trial, trials_of

BUDGETS = (2_000, 4_000, 8_000)
"""Tokens."""
BODIES = frozenset((Form.WHOLE, Form.PART))


def shown(question: Question, pack: ContextPack, forms: frozenset[Form]) -> float:
    """Share of the answers that a passage in one of these forms meets."""
    places = [(one.candidate.path, one.shown.start_line, one.shown.end_line) for one in pack.passages if one.shown.form in forms]
    return fmean(any(span.meets(*place) for span in answer for place in places) for answer in question.answers)


def packer(trial: Trial, embedder: OfflineEmbedder) -> PackContext:
    repositories, vectors = MemoryRepositoryStore(trial.database), MemoryVectorStore(trial.database)
    search = trial.search(embedder, DEFAULT_WEIGHTS)
    answers = AnswerSearch(search=search, repositories=repositories, vectors=vectors, filters=FILTERS)
    return PackContext(search=answers, freshness=ReadFreshness(repositories=repositories), graph=trial.graph, vectors=vectors)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, help="folder with the packages and their indexes, as `make eval` leaves it")
    corpus, embedder, found = parser.parse_args().corpus, OfflineEmbedder(), defaultdict[tuple[str, int], list[tuple[float, float]]](list)
    for package in read_packages():
        if not package.has_questions or not any((corpus / "indexes").glob(f"{package.name}-*.pickle")):
            continue
        print(package.name, file=sys.stderr, flush=True)
        for trial in await trials_of(package, corpus, documented=False):
            pack = packer(trial, embedder)
            for question in trial.questions:
                for budget in BUDGETS if question.kind in KINDS.values() else ():
                    made = await pack(LOCAL_TENANT, question.text, max_tokens=budget)
                    found[question.kind, budget].append((shown(question, made, BODIES), shown(question, made, frozenset(Form))))
    for (kind, budget), shares in sorted(found.items()):
        bodies, all_forms = (fmean(column) for column in zip(*shares, strict=True))
        print(f"{kind}, {budget:,} tokens, {len(shares)} questions: bodies {bodies:.3f}, with signatures {all_forms:.3f}")


if __name__ == "__main__":
    asyncio.run(main())
