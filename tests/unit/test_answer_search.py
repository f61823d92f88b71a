"""What is said beside the hits."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from aelus import Aelus
from aelus.application.answer_search import BESIDE_PLACE, MEANING_ALONE, NO_CODE_AT, NO_FILE, NO_PHRASE, NOT_CALLED, NOTHING
from aelus.application.find_repository import NOTHING_INDEXED
from aelus.domain.repository import Repository
from aelus.domain.search import SearchFilter, SearchMode
from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints.use_cases import UseCases
from sample_project import write_project


async def note(use_cases: UseCases, query: str, where: SearchFilter | None = None, mode: SearchMode = SearchMode.HYBRID) -> str:
    return (await use_cases.answer_search()(LOCAL_TENANT, query, where=where or SearchFilter(), mode=mode)).note


@pytest.mark.usefixtures("indexed")
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("take the tax off a price", ""),
        ("net_price", ""),
        ("shop/cart.py:9", ""),
        ("asdkjhasd", NOTHING),
        ('"no such words in it"', NO_PHRASE),
        ("net_prise", NOT_CALLED),
        ("nofile.py:3", f"{NO_FILE.format('nofile.py')} {BESIDE_PLACE}"),
        ("shop/nofile.py:3 lang:python", f"{NO_FILE.format('shop/nofile.py')} {BESIDE_PLACE}"),
        ("cart.py:4000", f"{NO_CODE_AT.format('cart.py', 4000)} {BESIDE_PLACE}"),
        ("salary", MEANING_ALONE),
        ("price lang:go", "Nothing was found: what was searched has nothing in go, only in python."),
    ],
)
async def test_a_note_says_what_the_hits_do_not(use_cases: UseCases, query: str, said: str) -> None:
    assert await note(use_cases, query) == said


@pytest.mark.usefixtures("indexed")
async def test_a_program_gets_the_note_with_the_hits(aelus: Aelus) -> None:
    found = await aelus.answer("salary")
    assert (found.hits, found.note) == (await aelus.search("salary"), MEANING_ALONE)


async def test_where_nothing_is_indexed_the_note_says_so(use_cases: UseCases) -> None:
    assert await note(use_cases, "price") == NOTHING_INDEXED


@pytest.mark.usefixtures("indexed")
async def test_vectors_alone_are_no_news_to_who_asks_for_them_alone(use_cases: UseCases) -> None:
    assert await note(use_cases, "salary", mode=SearchMode.VECTOR) == ""


@pytest.mark.usefixtures("indexed")
async def test_a_repository_whose_first_index_is_not_written_is_named(use_cases: UseCases, tmp_path: Path) -> None:
    waiting = await registered(use_cases, tmp_path / "waiting")
    said = "Not indexed yet, and not searched: waiting."
    assert await note(use_cases, "price", SearchFilter(repositories=(waiting.id,))) == said
    assert await note(use_cases, "price repo:waiting") == said
    assert await note(use_cases, "price") == ""
    assert await note(use_cases, "asdkjhasd") == f"{NOTHING} {said}"


async def registered(use_cases: UseCases, folder: Path) -> Repository:
    made, _ = await use_cases.register_repository().find_or_add(LOCAL_TENANT, str(write_project(folder)))
    return made


@pytest.mark.usefixtures("indexed")
@pytest.mark.parametrize(
    ("asked", "said"),
    [({"languages": ["pyhton"]}, "There is no language 'pyhton'. Known are: python"), ({"kinds": ["klass"]}, "There is no kind 'klass'.")],
)
@pytest.mark.parametrize("path", ["search", "context"])
async def test_unknown_filters_are_refused_over_http_in_the_same_words(
    client: httpx2.AsyncClient, path: str, asked: dict[str, list[str]], said: str
) -> None:
    response = await client.post(f"/api/v1/retrieve/{path}", json={"query": "price", **asked})
    assert response.status_code == 422
    assert response.json()["detail"].startswith(said)


@pytest.mark.usefixtures("indexed")
async def test_a_pack_says_the_same(aelus: Aelus) -> None:
    assert (await aelus.context("asdkjhasd")).text == f"{NOTHING}\n"
    assert MEANING_ALONE in (await aelus.context("salary")).text


@pytest.mark.parametrize(
    ("query", "said"),
    [("x" * 9000, "String should have at most 8192 characters"), ("ä" * 5000, "has more than 8192 bytes"), (" ", "is empty")],
)
async def test_a_query_out_of_bounds_is_refused_in_plain_words(client: httpx2.AsyncClient, query: str, said: str) -> None:
    (error,) = (await client.post("/api/v1/retrieve/search", json={"query": query})).json()["errors"]
    assert (error["loc"], error["msg"]) == (["body", "query"], said)
