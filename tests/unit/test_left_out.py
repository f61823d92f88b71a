"""The files that an index leaves out, and where calls are followed in part."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from aelus import Aelus
from aelus.application.reports import IndexReport
from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints.cli.index import index_lines
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.errors import InvalidRequest, NotFound
from sample_project import FILES, write_project

OTHERS = {"logo.xyz": "?", "data/a.min.js": "var a=1;" * 500, ".gitignore": "build/\n", "build/out.py": "x = 1\n"}
LEFT_OUT = [(".gitignore", "unknown_language"), ("build/", "ignored"), ("data/a.min.js", "minified"), ("logo.xyz", "unknown_language")]


@pytest.fixture
async def report(aelus: Aelus, tmp_path: Path) -> IndexReport:
    return await aelus.index(write_project(tmp_path / "mixed", FILES | OTHERS))


@pytest.mark.usefixtures("report")
async def test_files_that_are_left_out_are_listed_with_the_reason(aelus: Aelus) -> None:
    assert [(file.path, file.reason.value) for file in await aelus.left_out("mixed")] == LEFT_OUT
    with pytest.raises(NotFound, match="Known are: mixed"):
        await aelus.left_out("mixt")


async def test_the_list_comes_page_by_page_over_http(client: httpx2.AsyncClient, report: IndexReport) -> None:
    address, found, cursor = f"/api/v1/repositories/{report.repository_id}/left-out", [], ""
    for _ in LEFT_OUT:
        page = (await client.get(address, params={"limit": 1, "cursor": cursor})).json()
        found += [(file["path"], file["reason"]) for file in page["items"]]
        cursor = page["next_cursor"]
    assert found == LEFT_OUT
    assert cursor is None


@pytest.mark.parametrize("limit", [0, 1001])
async def test_a_page_out_of_range_is_refused(use_cases: UseCases, report: IndexReport, limit: int) -> None:
    with pytest.raises(InvalidRequest, match="1 to 1000"):
        await use_cases.list_left_out()(LOCAL_TENANT, report.repository_id, limit=limit)


async def test_a_run_says_how_to_list_them(report: IndexReport) -> None:
    assert "; `aelus repos left-out mixed` lists them" in "\n".join(index_lines(report, 0))


async def test_a_run_names_the_files_whose_calls_are_followed_in_part(aelus: Aelus, tmp_path: Path) -> None:
    functions = "".join(f"def f{number}(): pass\n" for number in range(600))
    table = "T = {" + ",".join(f'"k{number}": f{number}' for number in range(600)) + "}\n"
    report = await aelus.index(write_project(tmp_path / "table", {"a.py": functions + table + "def g(k): T[k]()\n"}))
    assert (report.truncated, report.given_up) == (True, (("a.py", 1),))
    assert "some of their edges may be missing: 1 in a.py" in index_lines(report, 0)[-1]
