"""The whole service as it is by default: embedded PostgreSQL, the queue inside the process, HTTP over a socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from aelus import Aelus
from aelus.domain.graph import Edge, NodeKind
from aelus.entrypoints import container
from aelus.entrypoints.http.app import create_app
from aelus.entrypoints.settings import Settings, load_settings
from aelus.entrypoints.use_cases import UseCases
from aelus.entrypoints.worker import run_worker
from sample_project import FILES, write_project

API = "/api/v1"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def local(home: Path) -> Settings:
    return load_settings(home=home, database_url=None, redis_url=None, voyage_api_key=None, parser_processes=1, path_roots=(home.parent,))


@pytest.fixture(scope="module")
async def service(local: Settings) -> AsyncIterator[UseCases]:
    async with container.open_service(local) as use_cases:
        yield use_cases


@pytest.fixture
async def http(service: UseCases, local: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=create_app(service, local))
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture
async def stored(service: UseCases) -> AsyncIterator[Aelus]:
    """An index without repositories, and cleared again."""
    aelus = Aelus(service)
    yield aelus
    for repository in await aelus.repositories():
        await aelus.remove(repository.name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_project(tmp_path / "shop-project")


async def test_what_is_indexed_is_found(stored: Aelus, folder: Path) -> None:
    await stored.index(folder)
    hits = await stored.search("take the tax off a price")
    found = await stored.callers("net_price")
    reach = await stored.impact("net_price")
    assert hits[0].chunk.path == "shop/prices.py"
    assert sorted(call.other.node.name for call in found[0].calls) == ["pay", "total"]
    assert {"pay", "total"} <= {one.node.node.name for one in reach.dependants}


async def test_a_place_is_found(stored: Aelus, folder: Path) -> None:
    await stored.index(folder)
    best, *_ = await stored.search('File "/srv/shop/cart.py", line 9, in total')
    assert (best.chunk.path, best.chunk.start_line <= 9 <= best.chunk.end_line, "path" in best.why) == ("shop/cart.py", True, True)


async def test_the_second_run_writes_nothing(stored: Aelus, folder: Path) -> None:
    first = await stored.index(folder)
    second = await stored.index(folder)
    assert (second.up_to_date, second.counts) == (True, first.counts)


async def test_a_changed_file_is_all_that_is_written(stored: Aelus, folder: Path) -> None:
    first = await stored.index(folder)
    (folder / "shop/prices.py").write_text(FILES["shop/prices.py"] + "\n\ndef gross_price(net: float) -> float:\n    return net * 1.19\n")
    second = await stored.index(folder)
    assert 0 < second.written.nodes < first.written.nodes / 2


async def test_a_deleted_file_is_found_no_more(stored: Aelus, folder: Path) -> None:
    await stored.index(folder)
    (folder / "shop/checkout.py").unlink()
    await stored.index(folder)
    assert all("shop/checkout.py" not in entry for entry in await outline(stored))


async def test_the_index_equals_the_one_in_memory(stored: Aelus, folder: Path) -> None:
    await stored.index(folder)
    async with Aelus.in_memory() as other:
        await other.index(folder)
        assert await outline(stored) == await outline(other)


async def test_another_process_sees_the_same_index(stored: Aelus, folder: Path, home: Path) -> None:
    await stored.index(folder)
    async with Aelus.open(home=home) as other:
        assert await outline(other) == await outline(stored)


async def test_a_job_runs_over_http(http: httpx2.AsyncClient, service: UseCases, local: Settings, stored: Aelus, folder: Path) -> None:
    stop = asyncio.Event()
    working = asyncio.create_task(run_worker(service, local, stop=stop))
    accepted = await http.post(f"{API}/ingest/repository", json={"git_url": str(folder)})
    followed = await http.get(f"{API}/ingest/jobs/{accepted.json()['job_id']}/events")
    stop.set()
    await working
    assert '"status":"succeeded"' in followed.text
    assert [repository.name for repository in await stored.repositories()] == ["shop-project"]


async def test_everything_is_ready(http: httpx2.AsyncClient) -> None:
    assert (await http.get(f"{API}/readyz")).json() == {"status": "ready", "checks": {"database": True, "queue": True}}


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("query", ["'; drop table chunks; --", "%_\\", "\u2028 \U0001f600", "x " * 4000, "(((", "a:*", "null", "{1,2}"])
async def test_odd_queries_are_answered(http: httpx2.AsyncClient, query: str) -> None:
    response = await http.post(f"{API}/retrieve/search", json={"query": query})
    assert response.status_code == 200


async def outline(aelus: Aelus) -> list[tuple[str, ...]]:
    """The graph in names, since ids and the names of repository nodes differ between repositories."""
    items = [item async for item in aelus.export("shop-project")]
    found = [item for item in items if not isinstance(item, Edge)]
    names = {node.id: "" if node.kind is NodeKind.REPOSITORY else node.qualified_name for node in found}
    nodes = [(node.kind, names[node.id], node.path) for node in found]
    edges = [(item.kind, names[item.src], names[item.dst], item.path, str(item.line)) for item in items if isinstance(item, Edge)]
    return sorted([*nodes, *edges])
