from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from aelus import Aelus
from aelus.application.reports import IndexReport
from aelus.domain.search import Grouping, SearchFilter, SearchMode
from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.errors import InvalidRequest, NotFound
from sample_project import write_project


@pytest.mark.usefixtures("indexed")
async def test_a_question_is_answered_with_the_place_and_the_stages_that_found_it(aelus: Aelus) -> None:
    best, *_ = await aelus.search("take the tax off a price")
    assert (best.repository, best.chunk.path, best.chunk.qualified_name) == ("project", "shop/prices.py", "shop.prices.net_price")
    assert {"lexical", "vector"} <= set(best.why)


@pytest.mark.usefixtures("indexed")
@pytest.mark.parametrize(("mode", "why"), [(SearchMode.VECTOR, {"vector"}), (SearchMode.LEXICAL, {"lexical", "symbol"})])
async def test_a_mode_leaves_the_other_stages_out(aelus: Aelus, mode: SearchMode, why: set[str]) -> None:
    best, *_ = await aelus.search("net_price", mode=mode)
    assert set(best.why) - {"graph"} == why


@pytest.mark.usefixtures("indexed")
@pytest.mark.parametrize("name", ["net_prise", "netprice", "nett_price", "net_pirce"])
async def test_a_misspelt_name_finds_the_definition(aelus: Aelus, name: str) -> None:
    best, *_ = await aelus.search(name)
    assert (best.chunk.qualified_name, "spelling" in best.why) == ("shop.prices.net_price", True)


@pytest.mark.usefixtures("indexed")
@pytest.mark.parametrize(
    "query", ["shop/cart.py:9", 'File "/srv/shop/cart.py", line 9, in total', "where does the price at cart.py:8-9 come from"]
)
async def test_a_place_finds_the_code_that_stands_there(aelus: Aelus, query: str) -> None:
    best, *_ = await aelus.search(query)
    assert (best.chunk.path, "path" in best.why) == ("shop/cart.py", True)
    assert best.chunk.start_line <= 9 <= best.chunk.end_line


@pytest.mark.usefixtures("indexed")
async def test_a_place_in_no_file_of_the_filter_finds_nothing_there(aelus: Aelus) -> None:
    hits = await aelus.search("price at cart.py:9 path:shop/prices.py")
    assert {hit.chunk.path for hit in hits} == {"shop/prices.py"}


async def test_a_short_name_with_two_letters_in_each_others_place_finds_the_definition(aelus: Aelus, tmp_path: Path) -> None:
    await aelus.index(write_project(tmp_path / "short", {"a.py": "def load():\n    return 1\n"}))
    best, *_ = await aelus.search("laod")
    assert (best.chunk.qualified_name, best.why) == ("a.load", ("spelling",))


async def test_a_place_finds_the_part_of_a_long_file_that_has_the_line(aelus: Aelus, tmp_path: Path) -> None:
    source = "".join(f"def step_{number}(total):\n    return total + {number}\n\n\n" for number in range(200))
    await aelus.index(write_project(tmp_path / "long", {"a/steps.py": source, "b/steps.py": source}))
    best, *_ = await aelus.search("the total is wrong, b/steps.py:602")
    assert (best.chunk.path, best.chunk.qualified_name) == ("b/steps.py", "b.steps.step_150")


@pytest.mark.usefixtures("indexed")
async def test_filters_in_the_query_narrow_the_hits(aelus: Aelus) -> None:
    hits = await aelus.search("price lang:python path:shop/prices.py kind:function repo:project")
    assert {(hit.chunk.path, hit.chunk.kind) for hit in hits} == {("shop/prices.py", "Function")}


@pytest.mark.usefixtures("indexed")
@pytest.mark.parametrize("language", ["Python", "py", "PYTHON"])
async def test_a_language_is_meant_by_its_name_or_an_ending_in_any_case(aelus: Aelus, language: str) -> None:
    assert await aelus.search(f"price lang:{language}") == await aelus.search("price", languages=["python"]) != ()


@pytest.mark.usefixtures("indexed")
@pytest.mark.parametrize(
    ("query", "parameters", "refused"),
    [
        ("price lang:pyhton", {}, "There is no language 'pyhton'. Known are: python, "),
        ("price", {"languages": ["javscript"]}, "There is no language 'javscript'. Known are: javascript, "),
        ("price kind:Mehtod", {}, "There is no kind 'Mehtod'. Known are: Method, "),
        ("price", {"kinds": ["klass"]}, "There is no kind 'klass'. Known are: Class, "),
        ("price repo:projct", {}, "There is no repository named 'projct'. Known are: project."),
    ],
)
async def test_a_filter_that_names_nothing_is_refused_with_what_is_known(
    aelus: Aelus, query: str, parameters: dict[str, list[str]], refused: str
) -> None:
    with pytest.raises((InvalidRequest, NotFound)) as error:
        await aelus.search(query, languages=parameters.get("languages", ()), kinds=parameters.get("kinds", ()))
    assert str(error.value).startswith(refused)


@pytest.mark.usefixtures("indexed")
@pytest.mark.parametrize("query", ["🎉🎉", "asdkjhasd qwpoeiu", ";;;;", "q", "你好", "fghdjsk", "kjsdhf ksjdhf"])
@pytest.mark.parametrize("mode", list(SearchMode))
async def test_what_nothing_speaks_for_is_answered_with_nothing(aelus: Aelus, query: str, mode: SearchMode) -> None:
    assert await aelus.search(query, mode=mode) == ()


@pytest.mark.usefixtures("indexed")
@pytest.mark.parametrize("query", ["salary", "cost", "ckeckout 🎉"])
async def test_other_words_than_those_of_the_code_find_it_still(aelus: Aelus, query: str) -> None:
    assert await aelus.search(query) != ()


@pytest.mark.usefixtures("indexed")
async def test_parameters_narrow_the_hits_as_the_query_does(aelus: Aelus) -> None:
    by_parameters = await aelus.search("price", languages=["python"], kinds=["Function"], path="shop/prices.py")
    assert by_parameters == await aelus.search("price lang:python kind:Function path:shop/prices.py")


@pytest.mark.usefixtures("indexed")
async def test_hits_grouped_by_file_show_each_file_once(aelus: Aelus) -> None:
    paths = [hit.chunk.path for hit in await aelus.search("price", group=Grouping.FILE)]
    assert len(paths) == len(set(paths)) > 1


@pytest.mark.usefixtures("indexed")
async def test_filters_that_exclude_each_other_admit_nothing(use_cases: UseCases) -> None:
    where = SearchFilter(languages=("go",))
    assert await use_cases.search_code()(LOCAL_TENANT, "price lang:python", where=where) == ()


@pytest.mark.usefixtures("indexed")
async def test_a_quoted_phrase_stands_in_every_hit(aelus: Aelus) -> None:
    hits = await aelus.search('"def net_price" tax')
    assert hits
    assert all("def net_price" in hit.chunk.text for hit in hits)
    assert await aelus.search('"no such words in it"') == ()


@pytest.mark.usefixtures("indexed")
async def test_a_phrase_that_no_code_holds_is_not_insisted_on_where_more_is_said(aelus: Aelus) -> None:
    quoted = await aelus.search('take the tax off a "gross amount"')
    assert quoted == await aelus.search("take the tax off a  gross amount ")
    assert quoted[0].chunk.qualified_name == "shop.prices.net_price"


@pytest.mark.usefixtures("indexed")
@pytest.mark.parametrize("query", ["lang:python", "path:shop kind:Class", "x path:a path:b"])
async def test_filters_without_words_and_two_paths_are_refused(aelus: Aelus, query: str) -> None:
    with pytest.raises(InvalidRequest):
        await aelus.search(query)


@pytest.mark.usefixtures("indexed")
async def test_a_repository_of_the_query_must_exist(aelus: Aelus) -> None:
    with pytest.raises(NotFound):
        await aelus.search("price repo:nowhere")


async def test_hits_lie_within_the_named_repositories(aelus: Aelus, indexed: IndexReport, tmp_path: Path) -> None:
    await aelus.index(write_project(tmp_path / "other", {"a.py": "def net_price():\n    return 1\n"}))
    hits = await aelus.search("net price", repositories=["other"])
    assert {hit.repository for hit in hits} == {"other"} != {indexed.repository}


@pytest.mark.usefixtures("indexed")
@pytest.mark.parametrize("query", ["", "  \n", "x" * 8193, "ä" * 4097])
async def test_an_empty_or_endless_query_is_refused(aelus: Aelus, query: str) -> None:
    with pytest.raises(InvalidRequest):
        await aelus.search(query)


@pytest.mark.parametrize("limit", [0, -1, 101])
async def test_a_limit_out_of_range_is_refused(aelus: Aelus, limit: int) -> None:
    with pytest.raises(InvalidRequest, match="1 to 100"):
        await aelus.search("x", k=limit)


@pytest.mark.usefixtures("indexed")
@pytest.mark.parametrize(
    "query",
    [
        *("???", "\ud800 price", "\0", "💥", "👩‍👩‍👧 price", "a", "_", "日", "%' OR 1=1 --", "'; DROP TABLE chunks; --", "select * from"),
        *("(a+)+$", "^.*[", "\\", '"', '""', '" "', "lang:", "path: x", "std::path::Path", "a" * 8000, "a_b " * 2000, '"' * 8000),
    ],
)
async def test_no_query_is_too_strange(aelus: Aelus, query: str) -> None:
    assert isinstance(await aelus.search(query), tuple)


async def test_a_repository_that_does_not_exist_is_not_found(use_cases: UseCases) -> None:
    unknown: UUID = uuid4()
    with pytest.raises(NotFound):
        await use_cases.search_code()(LOCAL_TENANT, "x", where=SearchFilter(repositories=(unknown,)))


async def test_an_index_without_chunks_answers_with_nothing(aelus: Aelus) -> None:
    assert await aelus.search("anything") == ()
