"""A change of the embedding model: the old vectors serve while new ones are made."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest
from dependency_injector import providers

from aelus import Aelus
from aelus.adapters.memory import HashEmbedder, MemoryCache
from aelus.application.query_vectors import QueryVectors
from aelus.domain.mixed_models import merged
from aelus.domain.search import ScoredChunk, SearchMode, Vector
from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints.embedders import KnownEmbedders
from aelus.entrypoints.settings import Settings
from aelus.entrypoints.use_cases import UseCases
from aelus.entrypoints.worker import run_worker
from index_builder import chunk

QUESTION = "take the tax off a price"


@pytest.fixture
def changed(use_cases: UseCases) -> UseCases:
    """The same service with another embedder."""
    old, new = use_cases.ports().embedder, HashEmbedder(48)
    embedders = KnownEmbedders(new, lambda model: old if model == old.model else None)
    return UseCases(ports=providers.Object(replace(use_cases.ports(), embedder=new, embedders=embedders, cache=MemoryCache())))


async def models(use_cases: UseCases) -> set[str]:
    return {stamp.model for stamp in await use_cases.ports().repositories.stamps(LOCAL_TENANT)}


async def refresh(use_cases: UseCases, settings: Settings) -> None:
    """A worker, until it has nothing to do."""
    stop = asyncio.Event()
    working = asyncio.create_task(run_worker(use_cases, settings, stop=stop))
    while await models(use_cases) != {use_cases.ports().embedder.model}:  # noqa: ASYNC110 -- a store tells nobody
        await asyncio.sleep(0.02)
    stop.set()
    await working


@pytest.mark.usefixtures("indexed")
async def test_the_old_vectors_answer_until_there_are_new_ones(changed: UseCases) -> None:
    hits = await Aelus(changed).search(QUESTION, mode=SearchMode.VECTOR)
    assert hits
    assert await models(changed) != {changed.ports().embedder.model}


@pytest.mark.usefixtures("indexed")
async def test_a_worker_makes_the_new_vectors(changed: UseCases, memory_settings: Settings) -> None:
    await asyncio.wait_for(refresh(changed, memory_settings), 30)
    assert await Aelus(changed).search(QUESTION, mode=SearchMode.VECTOR)
    assert await changed.refresh_models()() == 0


@pytest.mark.usefixtures("indexed")
async def test_without_the_old_embedder_words_still_find(use_cases: UseCases) -> None:
    lost = replace(use_cases.ports(), embedders=KnownEmbedders(HashEmbedder(48)), cache=MemoryCache())
    aelus = Aelus(UseCases(ports=providers.Object(lost)))
    assert await aelus.search(QUESTION, mode=SearchMode.VECTOR) == ()
    assert await aelus.search(QUESTION)


class CountedEmbedder(HashEmbedder):
    """A service, which counts what it is asked."""

    count = 0

    @property
    def remote(self) -> bool:
        return True

    async def embed_query(self, text: str) -> Vector:
        self.count += 1
        return await super().embed_query(text)


async def test_a_service_embeds_a_question_once_for_each_tenant() -> None:
    embedder = CountedEmbedder()
    vectors = QueryVectors(embedders=KnownEmbedders(embedder), cache=MemoryCache())
    first, second = [await vectors(LOCAL_TENANT, "a question", model=embedder.model) for _ in range(2)]
    assert (first, embedder.count) == (second, 1)
    await vectors(uuid4(), "a question", model=embedder.model)
    assert embedder.count == 2


def scored(name: str, score: float) -> ScoredChunk:
    return ScoredChunk(repository_id=uuid4(), chunk=chunk("a.py", name, "text"), score=score)


def test_lists_of_several_models_share_one_measure() -> None:
    near, far = [scored("a", 0.9), scored("b", 0.8)], [scored("c", 0.3), scored("d", 0.1), scored("e", 0.2)]
    names = [one.chunk.qualified_name for one in merged([near, far], limit=3)]
    assert names == ["a.a", "a.c", "a.e"]


def test_the_list_of_one_model_stays_as_it_is() -> None:
    near = [scored("a", 0.9), scored("b", 0.8)]
    assert merged([near, []], limit=5) == near
