"""A package ready to be asked: its index in memory and its questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aelus.adapters.memory import MemoryCache, MemoryDatabase, MemoryGraphStore, MemoryRepositoryStore, MemorySnapshots, MemoryVectorStore
from aelus.adapters.offline import OfflineAffinity, OfflineEmbedder
from aelus.adapters.treesitter import TreesitterParser
from aelus.application.known_filters import KnownFilters
from aelus.application.query_vectors import QueryVectors
from aelus.application.search_code import EVERYWHERE, SearchCode
from aelus.domain.ranking_weights import Weights
from aelus.domain.search import Hit, ScoredChunk, SearchMode
from aelus.domain.tenancy import LOCAL_TENANT
from aelus.domain.terms import query_terms
from aelus.entrypoints.embedders import KnownEmbedders
from evaluation.changes import changed_questions, committed_questions
from evaluation.metrics import RECALLS, Quality, quality_of
from evaluation.packages import HERE, Package, indexed, source_folder
from evaluation.questions import Question, documented_questions, nodes_of, written_questions
from evaluation.remembering import RememberingAffinity, RememberingVectorStore
from evaluation.variants import Variant

DEPTH = max(RECALLS)
FILTERS = KnownFilters(parser=TreesitterParser(jobs=0))
AFFINITY = RememberingAffinity(OfflineAffinity())


@dataclass(frozen=True)
class Trial:
    """One index and what is asked of it."""

    package: Package
    questions: Sequence[Question]
    database: MemoryDatabase
    vectors: RememberingVectorStore
    graph: MemoryGraphStore
    affinity: RememberingAffinity

    def search(self, embedder: OfflineEmbedder, weights: Weights) -> SearchCode:
        return SearchCode(
            vectors=self.vectors,
            graph=self.graph,
            vectors_of=QueryVectors(embedders=KnownEmbedders(embedder), cache=MemoryCache()),
            repositories=MemoryRepositoryStore(self.database),
            snapshots=MemorySnapshots(),
            affinity=self.affinity,
            filters=FILTERS,
            weights=weights,
        )

    async def qualities(self, embedder: OfflineEmbedder, variant: Variant) -> list[Quality]:
        """Of every question, in order."""
        return [quality_of(one, await self._hits(one.text, embedder, variant)) for one in self.questions]

    async def _hits(self, text: str, embedder: OfflineEmbedder, variant: Variant) -> Sequence[Hit | ScoredChunk]:
        if variant.weights:
            return await self.search(embedder, variant.weights)(LOCAL_TENANT, text, limit=DEPTH, mode=variant.mode)
        if variant.mode is SearchMode.LEXICAL:
            return await self.vectors.matching(LOCAL_TENANT, query_terms(text), where=EVERYWHERE, limit=DEPTH)
        return await self.vectors.nearest(
            LOCAL_TENANT, await embedder.embed_query(text), model=embedder.model, where=EVERYWHERE, limit=DEPTH
        )


async def trials_of(package: Package, corpus: Path, *, documented: bool) -> list[Trial]:
    """The package as it is with the questions written for it and, if asked for, without comments with descriptions of its functions.

    One with changes is asked for what they say.
    """
    database = await indexed(package, corpus)
    nodes = nodes_of(database)
    if package.has_changes:
        return [_trial(package, _changes(package, source_folder(package, corpus), {node.path for node in nodes}), database)]
    found = [_trial(package, written_questions(package.questions, nodes), database)] if package.has_questions else []
    if documented:
        found.append(_trial(package, documented_questions(nodes), await indexed(package, corpus, bare=True)))
    return [trial for trial in found if trial.questions]


def _changes(package: Package, folder: Path, paths: set[str]) -> list[Question]:
    if package.registry == "own_history":
        return committed_questions(HERE, package.pinned, folder, paths)
    return changed_questions(folder, paths)


def _trial(package: Package, questions: Sequence[Question], database: MemoryDatabase) -> Trial:
    return Trial(package, questions, database, RememberingVectorStore(MemoryVectorStore(database)), MemoryGraphStore(database), AFFINITY)
