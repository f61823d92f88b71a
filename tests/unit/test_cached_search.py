from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from aelus import Aelus
from aelus.adapters.memory import MemoryCache
from aelus.application.cached_search import CachedSearch
from aelus.application.find_repository import repository_named
from aelus.application.hit_codec import decode_hits, encode_hits
from aelus.application.reports import IndexReport
from aelus.application.search_code import SearchCode
from aelus.domain.search import Grouping, Hit, SearchMode
from aelus.domain.tenancy import LOCAL_TENANT, TenantView
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.errors import InvalidRequest, NotFound
from sample_project import FILES, write_project

QUESTION = "take the tax off a price"


class CountedSearch(SearchCode):
    """Says how often it was asked."""

    count = 0

    async def __call__(self, *arguments: Any, **options: Any) -> tuple[Hit, ...]:
        self.count += 1
        return await super().__call__(*arguments, **options)


@pytest.fixture
def counted(use_cases: UseCases) -> CountedSearch:
    ports = use_cases.ports()
    return CountedSearch(
        vectors=ports.vectors,
        graph=ports.graph,
        vectors_of=use_cases.query_vectors(),
        repositories=ports.repositories,
        snapshots=ports.snapshots,
        affinity=ports.affinity,
        filters=use_cases.known_filters(),
    )


@pytest.fixture
def cached(use_cases: UseCases, counted: CountedSearch) -> CachedSearch:
    return CachedSearch(search=counted, cache=MemoryCache(), repositories=use_cases.ports().repositories, edition="1")


@pytest.mark.usefixtures("indexed")
async def test_the_same_question_is_searched_once(cached: CachedSearch, counted: CountedSearch) -> None:
    first, second = [await cached(LOCAL_TENANT, QUESTION) for _ in range(2)]
    assert (first, counted.count) == (second, 1)


@pytest.mark.usefixtures("indexed")
async def test_other_ways_to_ask_are_other_questions(cached: CachedSearch, counted: CountedSearch) -> None:
    await cached(LOCAL_TENANT, QUESTION)
    await cached(LOCAL_TENANT, QUESTION, limit=3)
    await cached(LOCAL_TENANT, QUESTION, mode=SearchMode.LEXICAL)
    await cached(LOCAL_TENANT, QUESTION, group=Grouping.FILE)
    assert counted.count == 4


@pytest.mark.usefixtures("indexed")
async def test_a_changed_index_is_searched_again(aelus: Aelus, project: Path, cached: CachedSearch) -> None:
    await cached(LOCAL_TENANT, QUESTION)
    (project / "shop/prices.py").write_text(FILES["shop/prices.py"].replace("net_price", "price_without_tax"))
    await aelus.index(project)
    assert (await cached(LOCAL_TENANT, QUESTION))[0].chunk.qualified_name == "shop.prices.price_without_tax"


@pytest.mark.usefixtures("indexed")
async def test_an_index_that_did_not_change_is_not_searched_again(
    aelus: Aelus, project: Path, cached: CachedSearch, counted: CountedSearch
) -> None:
    await cached(LOCAL_TENANT, QUESTION)
    await aelus.index(project)
    await cached(LOCAL_TENANT, QUESTION)
    assert counted.count == 1


async def test_a_removed_repository_is_found_no_more(aelus: Aelus, indexed: IndexReport, cached: CachedSearch) -> None:
    assert await cached(LOCAL_TENANT, QUESTION)
    await aelus.remove(indexed.repository)
    assert await cached(LOCAL_TENANT, QUESTION) == ()


@pytest.mark.usefixtures("indexed")
async def test_a_new_repository_is_found_at_once(aelus: Aelus, tmp_path: Path, cached: CachedSearch) -> None:
    await cached(LOCAL_TENANT, QUESTION)
    await aelus.index(write_project(tmp_path / "other"))
    assert {hit.repository for hit in await cached(LOCAL_TENANT, QUESTION)} == {"project", "other"}


@pytest.mark.usefixtures("indexed")
async def test_another_tenant_is_not_told(cached: CachedSearch) -> None:
    assert await cached(LOCAL_TENANT, QUESTION)
    assert await cached(uuid4(), QUESTION) == ()


async def test_a_refusal_is_not_kept(cached: CachedSearch, counted: CountedSearch) -> None:
    for _ in range(2):
        with pytest.raises(InvalidRequest):
            await cached(LOCAL_TENANT, "")
    assert counted.count == 2


@pytest.mark.usefixtures("indexed")
async def test_hits_survive_the_way_through_a_cache(aelus: Aelus) -> None:
    hits = await aelus.search(QUESTION)
    assert decode_hits(encode_hits(hits)) == hits


async def test_a_branch_that_a_question_names_is_not_kept_for_those_who_do_not_see_it(
    use_cases: UseCases, indexed: IndexReport, project: Path, cached: CachedSearch
) -> None:
    ports = use_cases.ports()
    repository = await repository_named(ports.repositories, LOCAL_TENANT, indexed.repository)
    branch = replace(repository, id=uuid4(), name="project@next", branch_of=repository.id, index=None)
    await ports.repositories.add(LOCAL_TENANT, branch)
    await use_cases.index_repository()(LOCAL_TENANT, branch.id)
    question = f"{QUESTION} repo:{branch.name}"
    assert {hit.repository for hit in await cached(LOCAL_TENANT, question)} == {branch.name}
    with pytest.raises(NotFound):
        await cached(TenantView(LOCAL_TENANT, [repository.id]), question)
    (project / "shop/prices.py").write_text(FILES["shop/prices.py"].replace("net_price", "price_without_tax"))
    await use_cases.index_repository()(LOCAL_TENANT, branch.id)
    assert (await cached(LOCAL_TENANT, question))[0].chunk.qualified_name == "shop.prices.price_without_tax"
