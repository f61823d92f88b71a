"""The tools as an agent sees them, with the SDK's own client, over an index in memory."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp_types import CallToolResult, TextContent

from aelus import Aelus
from aelus.application.assess_impact import WITHOUT_EDGE
from aelus.domain.tenancy import LOCAL_TENANT
from aelus.domain.tokens import estimated_tokens
from aelus.entrypoints.mcp.budget import ANSWER_TOKENS
from aelus.entrypoints.mcp.server import create_server
from aelus.entrypoints.use_cases import UseCases
from sample_project import write_project

TOOLS = {"search_code", "get_context", "find_symbol", "callers", "callees", "impact", "list_repositories", "index_status"}
DESCRIPTION_TOKENS = 6_000
"""All descriptions together: an agent carries them through every conversation."""


@asynccontextmanager
async def agent(use_cases: UseCases) -> AsyncIterator[Client]:
    async with Client(create_server(use_cases, lambda: LOCAL_TENANT)) as client:
        yield client


async def ask(use_cases: UseCases, tool: str, **arguments: Any) -> CallToolResult:
    async with agent(use_cases) as client:
        return await client.call_tool(tool, arguments)


def words(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


def parts(result: CallToolResult) -> dict[str, Any]:
    assert not result.is_error, words(result)
    assert isinstance(result.structured_content, dict)
    return result.structured_content


async def test_the_tools_are_few_and_described_within_a_budget(use_cases: UseCases) -> None:
    async with agent(use_cases) as client:
        tools = (await client.list_tools()).tools
    assert {tool.name for tool in tools} == TOOLS
    assert all(tool.description and tool.output_schema and tool.annotations and tool.annotations.read_only_hint for tool in tools)
    assert sum(estimated_tokens(f"{tool.description}{tool.input_schema}") for tool in tools) <= DESCRIPTION_TOKENS


@pytest.mark.usefixtures("indexed")
async def test_a_search_answers_in_words_and_in_structure(use_cases: UseCases) -> None:
    result = await ask(use_cases, "search_code", query="take the tax off a price", limit=1)
    (found,) = parts(result)["results"]
    assert (found["citation"], found["qualified_name"]) == ("shop/prices.py:1-3@v1", "shop.prices.net_price")
    assert "1. shop/prices.py:1-3@v1 shop.prices.net_price" in words(result)


@pytest.mark.usefixtures("indexed")
async def test_a_search_can_be_narrowed(use_cases: UseCases) -> None:
    found = parts(await ask(use_cases, "search_code", query="net price", path="shop/cart.py", kinds=["Class"], repositories=["project"]))
    assert {one["kind"] for one in found["results"]} <= {"Class"}


@pytest.mark.usefixtures("indexed")
async def test_a_context_keeps_to_its_budget(use_cases: UseCases) -> None:
    result = await ask(use_cases, "get_context", question="how is the total made up", max_tokens=600)
    assert parts(result)["tokens"] == estimated_tokens(words(result)) <= 600


@pytest.mark.usefixtures("indexed")
async def test_a_symbol_is_found_with_its_signature(use_cases: UseCases) -> None:
    (symbol,) = parts(await ask(use_cases, "find_symbol", name="net_price"))["symbols"]
    assert symbol["signature"] == "def net_price(gross: float) -> float"
    assert symbol["summary"] == "Take the tax off a price."


@pytest.mark.usefixtures("indexed")
async def test_a_name_that_is_not_there_brings_others(use_cases: UseCases) -> None:
    found = parts(await ask(use_cases, "find_symbol", name="price_net"))
    assert "shop.prices.net_price" in found["suggestions"]


@pytest.mark.usefixtures("indexed")
async def test_callers_and_callees_name_the_site(use_cases: UseCases) -> None:
    callers = parts(await ask(use_cases, "callers", symbol="net_price"))["definitions"][0]["calls"]
    callees = parts(await ask(use_cases, "callees", symbol="pay"))["definitions"][0]["calls"]
    assert "shop/checkout.py:7" in {call["site"] for call in callers}
    assert "shop.cart.Cart.total" in {call["qualified_name"] for call in callees}


@pytest.mark.usefixtures("indexed")
async def test_an_impact_says_yes_no_or_unknown(use_cases: UseCases) -> None:
    found = parts(await ask(use_cases, "impact", symbol="net_price"))
    assert (found["verdict"], found["bounds"]) == ("yes", [WITHOUT_EDGE])
    assert "shop.checkout.pay" in {one["qualified_name"] for one in found["affected"]}


@pytest.mark.usefixtures("indexed")
async def test_repositories_and_their_state_are_listed(use_cases: UseCases) -> None:
    (repository,) = parts(await ask(use_cases, "list_repositories"))["repositories"]
    status = parts(await ask(use_cases, "index_status", repository=repository["name"]))
    assert (repository["files"], status["index"]["files"], status["job"]) == (4, 4, None)


@pytest.mark.usefixtures("indexed")
@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("callers", {"symbol": "nett_price"}, "Did you mean shop.prices.net_price? search_code finds code by its meaning"),
        ("callees", {"symbol": "Cart.toatl"}, "Did you mean shop.cart.Cart.total?"),
        ("impact", {"symbol": "xyzzy"}, "No name comes close: search for it by its meaning. search_code finds code"),
        ("index_status", {"repository": "projct"}, "Known are: project. list_repositories names all."),
        ("search_code", {"query": "x", "repositories": ["nowhere"]}, "There is no repository named 'nowhere'."),
        ("search_code", {"query": "x repo:nowhere"}, "There is no repository named 'nowhere'."),
        ("get_context", {"question": "x", "repositories": "nowhere"}, "There is no repository named 'nowhere'."),
        ("search_code", {"query": "x", "languages": ["pyhton"]}, "There is no language 'pyhton'. Known are: python, "),
        ("search_code", {"query": "x", "kinds": ["Funktion"]}, "There is no kind 'Funktion'. Known are: Function, "),
        ("find_symbol", {"name": "x", "kinds": "klass"}, "There is no kind 'klass'. Known are: Class, "),
        ("search_code", {"query": "   "}, "query is empty"),
        (
            "search_code",
            {"query": "x", "limit": 31},
            "search_code cannot use what was given as `limit`: it must be a whole number",
        ),
        ("search_code", {"query": "x", "limit": "many"}, "`limit`: it must be a whole number from 1 to 30."),
        ("search_code", {"query": "x" * 9000}, "`query`: it must be a text of 1 to 8192 characters."),
        ("search_code", {"query": "x", "repositories": 5}, "`repositories`: it must be a list of texts, at most 50."),
        ("search_code", {"query": "x", "repo": "project"}, "search_code has no argument 'repo'. Its arguments are: query, repositories,"),
        ("get_context", {"question": "x", "max_tokens": 1}, "`max_tokens`: it must be a whole number from 500 to 20000."),
        ("impact", {"symbol": "pay", "max_depth": 99}, "`max_depth`: it must be a whole number from 1 to 8."),
        ("find_symbol", {}, "find_symbol needs the argument `name`: it must be a text of 1 to 500 characters."),
        ("find_symbols", {"name": "x"}, "There is no tool 'find_symbols'. Known are: search_code, "),
    ],
)
async def test_what_cannot_be_answered_is_refused_with_the_way_out(
    use_cases: UseCases, tool: str, arguments: dict[str, Any], said: str
) -> None:
    result = await ask(use_cases, tool, **arguments)
    assert result.is_error
    assert said in words(result)
    assert not [alien for alien in ("`aelus", "pydantic", "validation error", "Error executing", "input_value") if alien in words(result)]


@pytest.mark.usefixtures("indexed")
async def test_one_text_is_taken_where_a_list_is_asked_for(use_cases: UseCases) -> None:
    listed = await ask(use_cases, "search_code", query="net price", repositories=["project"], languages=["python"], kinds=["Class"])
    assert await ask(use_cases, "search_code", query="net price", repositories="project", languages="py", kinds="class") == listed


async def test_an_empty_index_is_said_to_be_empty(use_cases: UseCases) -> None:
    assert words(await ask(use_cases, "search_code", query="price")).startswith("Nothing is indexed yet.")
    assert words(await ask(use_cases, "get_context", question="price")).startswith("Nothing is indexed yet.")
    assert words(await ask(use_cases, "list_repositories")).startswith("Nothing is indexed yet.")


async def test_answers_are_cut_to_their_size_and_say_so(use_cases: UseCases, aelus: Aelus, tmp_path: Path) -> None:
    line = "    total = " + " + ".join(f"price_{n}" for n in range(40))
    functions = "\n\n".join(f"def price_{n}(x):\n" + "\n".join([line] * 12) for n in range(40))
    await aelus.index(write_project(tmp_path / "many", {"prices.py": functions}))
    result = await ask(use_cases, "search_code", query="price total", limit=30)
    assert parts(result)["truncated"]
    assert estimated_tokens(words(result)) <= ANSWER_TOKENS


def callers_of(name: str, count: int) -> str:
    return f"def {name}():\n    pass\n\n" + "".join(f"def caller_{n}_of_{name}():\n    {name}()\n\n" for n in range(count))


async def test_the_calls_of_one_definition_keep_to_the_budget(use_cases: UseCases, aelus: Aelus, tmp_path: Path) -> None:
    await aelus.index(write_project(tmp_path / "hub", {"hub.py": callers_of("hub", 200)}))
    found = parts(await ask(use_cases, "callers", symbol="hub", limit=200))
    assert found["truncated"]
    assert 10 < len(found["definitions"][0]["calls"]) < 200
    assert estimated_tokens(json.dumps(found)) <= ANSWER_TOKENS * 1.1


async def test_a_context_keeps_to_its_budget_as_structure_too(use_cases: UseCases, aelus: Aelus, tmp_path: Path) -> None:
    functions = "\n\n".join(f"def price_{n}(x):\n    return x * {n}\n" for n in range(60))
    await aelus.index(write_project(tmp_path / "many", {"prices.py": functions}))
    found = parts(await ask(use_cases, "get_context", question="price", max_tokens=2000))
    assert found["passages"]
    assert found["left_out"]
    assert estimated_tokens(json.dumps(found, separators=(",", ":"))) <= 2000


async def test_a_hundred_and_one_definitions_are_not_all_of_them(use_cases: UseCases, aelus: Aelus, tmp_path: Path) -> None:
    await aelus.index(write_project(tmp_path / "many", {f"m{n}.py": "def f():\n    pass\n" for n in range(101)}))
    found = parts(await ask(use_cases, "find_symbol", name="f", limit=100))
    assert (len(found["symbols"]), found["truncated"]) == (100, True)
