"""A package ready to be asked: its index in memory and its questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aelus.adapters.memory import MemoryCache, MemoryDatabase, MemoryGraphStore, MemoryRepositoryStore, MemoryVectorStore
from aelus.adapters.offline import OfflineEmbedder
from aelus.application.query_vectors import QueryVectors
from aelus.application.search_code import SearchCode
from aelus.domain.ranking import Weights
from aelus.domain.search import SearchMode
from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints.embedders import KnownEmbedders
from evaluation.metrics import RECALLS, Quality, quality_of
from evaluation.packages import Package, indexed
from evaluation.questions import Question, documented_questions, nodes_of, written_questions
from evaluation.remembering import RememberingVectorStore


@dataclass(frozen=True)
class Trial:
    """One index and what is asked of it."""

    package: Package
    questions: Sequence[Question]
    database: MemoryDatabase
    vectors: RememberingVectorStore
    graph: MemoryGraphStore

    async def qualities(self, embedder: OfflineEmbedder, weights: Weights, mode: SearchMode) -> list[Quality]:
        """Of every question, in order."""
        search = SearchCode(
            vectors=self.vectors,
            graph=self.graph,
            vectors_of=QueryVectors(embedders=KnownEmbedders(embedder), cache=MemoryCache()),
            repositories=MemoryRepositoryStore(self.database),
            weights=weights,
        )
        depth = max(RECALLS)
        return [quality_of(one, await search(LOCAL_TENANT, one.text, limit=depth, mode=mode)) for one in self.questions]


async def trials_of(package: Package, corpus: Path, *, documented: bool) -> list[Trial]:
    """The package as it is with the questions written for it and, if asked for, without comments with descriptions of its functions."""
    database = await indexed(package, corpus)
    nodes = nodes_of(database)
    found = [_trial(package, written_questions(package.name, nodes), database)]
    if documented:
        found.append(_trial(package, documented_questions(nodes), await indexed(package, corpus, bare=True)))
    return [trial for trial in found if trial.questions]


def _trial(package: Package, questions: Sequence[Question], database: MemoryDatabase) -> Trial:
    return Trial(package, questions, database, RememberingVectorStore(MemoryVectorStore(database)), MemoryGraphStore(database))
