from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any, cast

import pytest

from aelus import Aelus
from aelus.application.answer_search import Answered, AnswerSearch
from aelus.application.find_repository import NOTHING_INDEXED
from aelus.application.pack_context import PackContext
from aelus.application.reports import IndexReport
from aelus.domain.context_pack import Form, Role
from aelus.domain.tenancy import LOCAL_TENANT
from aelus.domain.tokens import estimated_tokens
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.errors import InvalidRequest, NotFound
from sample_project import FILES, write_project

QUESTION = "take the tax off a price"


def commit_of(project: Path) -> str:
    author = ("-c", "user.name=a", "-c", "user.email=a@b.c")
    for arguments in (("init", "-q"), ("add", "."), (*author, "commit", "-qm", "x")):
        subprocess.run(["git", *arguments], cwd=project, check=True)
    return subprocess.run(["git", "rev-parse", "HEAD"], cwd=project, check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.usefixtures("indexed")
async def test_the_answer_stands_first_and_whole(aelus: Aelus) -> None:
    first = (await aelus.context(QUESTION)).passages[0]
    assert (first.candidate.qualified_name, first.shown.form) == ("shop.prices.net_price", Form.WHOLE)
    assert first.shown.text == FILES["shop/prices.py"].rstrip("\n")
    assert first.citation == "shop/prices.py:1-3@v1"


@pytest.mark.usefixtures("indexed")
async def test_neighbours_say_what_they_are_near_to(aelus: Aelus, project: Path) -> None:
    (project / "shop/ledger.py").write_text("from shop.prices import net_price\n\n\ndef book(x):\n    return net_price(x)\n")
    await aelus.index(project)
    pack = await aelus.context("net_price", max_tokens=600)
    callers = {one.candidate.qualified_name: one.candidate.relates_to for one in pack.passages if one.candidate.role is Role.CALLER}
    assert set(callers.values()) <= {"shop.prices.net_price", "shop.cart.Cart", "shop.checkout.pay"}


@pytest.mark.usefixtures("indexed")
async def test_without_neighbours_there_are_matches_only(aelus: Aelus) -> None:
    pack = await aelus.context(QUESTION, neighbours=False)
    assert {one.candidate.role for one in pack.passages} == {Role.MATCH}


@pytest.mark.usefixtures("indexed")
@pytest.mark.parametrize("max_tokens", [500, 600, 1000, 100_000])
async def test_the_text_keeps_to_its_budget(aelus: Aelus, max_tokens: int) -> None:
    pack = await aelus.context(QUESTION, max_tokens=max_tokens)
    assert estimated_tokens(pack.text) == pack.tokens <= max_tokens


async def test_what_there_is_no_room_for_is_named(aelus: Aelus, tmp_path: Path) -> None:
    functions = "\n\n".join(f"def price_{n}(x):\n    return x * {n} * {'+'.join(map(str, range(60)))}" for n in range(20))
    await aelus.index(write_project(tmp_path / "many", {"prices.py": functions}))
    pack = await aelus.context("price", max_tokens=500)
    assert pack.left_out
    assert f"Left out for want of room: {len(pack.left_out)}" in pack.text


async def test_the_freshness_of_the_index_is_stated(aelus: Aelus, project: Path) -> None:
    (project / "shop" / "bundle.min.js").write_text("var a=1;" * 5000)
    await aelus.index(project)
    pack = await aelus.context(QUESTION)
    (source,) = pack.sources
    assert (source.repository, source.files, source.skipped) == ("project", 4, {"minified": 1})
    assert "left out: 1 minified" in pack.text


async def test_citations_name_the_commit(aelus: Aelus, project: Path) -> None:
    commit = commit_of(project)
    await aelus.index(project)
    pack = await aelus.context(QUESTION)
    assert pack.passages[0].citation == f"shop/prices.py:1-3@{commit[:12]}"


async def test_passages_of_several_repositories_say_which(aelus: Aelus, indexed: IndexReport, tmp_path: Path) -> None:
    await aelus.index(write_project(tmp_path / "other"))
    pack = await aelus.context(QUESTION)
    assert {one.citation.partition(":")[0] for one in pack.passages} == {indexed.repository, "other"}


async def test_source_that_holds_fences_is_fenced_by_longer_ones(aelus: Aelus, tmp_path: Path) -> None:
    await aelus.index(write_project(tmp_path / "p", {"a.py": 'def show():\n    """\n    ```\n    fenced\n    ```\n    """\n'}))
    assert "````python" in (await aelus.context("show")).text


async def test_nothing_found_is_an_empty_pack(aelus: Aelus) -> None:
    pack = await aelus.context("anything")
    assert (pack.passages, pack.sources, pack.text) == ((), (), f"{NOTHING_INDEXED}\n")


@pytest.mark.parametrize("max_tokens", [0, 499, 100_001])
async def test_a_budget_out_of_range_is_refused(aelus: Aelus, max_tokens: int) -> None:
    with pytest.raises(InvalidRequest, match="500 to 100000"):
        await aelus.context("x", max_tokens=max_tokens)


@pytest.mark.usefixtures("indexed")
async def test_a_pack_is_narrowed_as_a_search_is(aelus: Aelus) -> None:
    pack = await aelus.context(QUESTION, languages=["py"], kinds=["function"], path="shop/prices.py")
    matches = [one.candidate for one in pack.passages if one.candidate.role == "match"]
    assert {(one.path, one.kind) for one in matches} == {("shop/prices.py", "Function")}
    with pytest.raises(InvalidRequest, match="There is no language 'pyhton'"):
        await aelus.context(QUESTION, languages=["pyhton"])


async def test_an_unknown_repository_is_not_found(aelus: Aelus) -> None:
    with pytest.raises(NotFound):
        await aelus.context("x", repositories=["nowhere"])


class SearchBesideAWriter:
    """Searches, and has the index written again before it answers, the first `times`."""

    def __init__(self, aelus: Aelus, search: AnswerSearch, project: Path, times: int) -> None:
        self.asked = 0
        self._aelus, self._search, self._project, self._times = aelus, search, project, times

    async def __call__(self, *args: Any, **options: Any) -> Answered:
        found = await self._search(*args, **options)
        self.asked += 1
        if self.asked <= self._times:
            (self._project / "shop/prices.py").write_text("# moved\n" * self.asked + FILES["shop/prices.py"])
            await self._aelus.index(self._project)
        return found


@pytest.mark.usefixtures("indexed")
@pytest.mark.parametrize(("times", "asked"), [(0, 1), (1, 2), (5, 2)])
async def test_a_pack_is_made_again_where_the_index_changed_meanwhile(
    aelus: Aelus, use_cases: UseCases, project: Path, times: int, asked: int
) -> None:
    ports = use_cases.ports()
    search = SearchBesideAWriter(aelus, use_cases.answer_search(), project, times)
    pack_context = PackContext(
        search=cast("AnswerSearch", search), freshness=use_cases.read_freshness(), graph=ports.graph, vectors=ports.vectors
    )
    pack = await pack_context(LOCAL_TENANT, QUESTION)
    assert search.asked == asked
    if times < asked:
        assert pack.passages[0].citation == f"shop/prices.py:1-{3 + times}@v{1 + times}"
