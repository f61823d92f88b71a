"""Repositories whose files are pushed: taken as a whole, and indexed as any other."""

from __future__ import annotations

from uuid import UUID, uuid4

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aelus import Aelus
from aelus.domain.jobs import JobState
from aelus.domain.pushes import FilePush
from aelus.domain.repository import Repository
from aelus.domain.source import FileChanges
from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints.container import open_memory
from aelus.entrypoints.settings import load_settings
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.errors import Conflict, InvalidRequest
from aelus.ports.queue import JobMessage
from index_rows import index_if_any, rows

API = "/api/v1"
CART = "class Cart:\n    def total(self):\n        return price()\n"
PRICE = "def price():\n    return 1\n"


async def pushed_repository(use_cases: UseCases, name: str = "shop") -> Repository:
    return await use_cases.register_repository().for_pushes(LOCAL_TENANT, name)


async def test_pushed_files_are_searched(aelus: Aelus) -> None:
    report = await aelus.push("shop", {"shop/cart.py": CART, "README.md": "# Shop\n"}, commit="v1")
    assert (report.commit, report.counts.files, len(report.changes.added)) == ("v1", 2, 2)
    report = await aelus.push("shop", {"shop/price.py": PRICE}, deleted=["README.md"], commit="v2")
    assert report.changes == FileChanges(added=("shop/price.py",), removed=("README.md",))
    assert (await aelus.search("price"))[0].chunk.path == "shop/price.py"


async def test_what_is_left_out_of_a_folder_is_left_out_of_a_push(aelus: Aelus) -> None:
    files = {"a.py": "x = 1\n", "node_modules/b.py": "y = 1\n", "c.bin": "z", "d.py": "w = 1\n", ".aelusignore": "d.py\n", "e.py": "\0"}
    report = await aelus.push("shop", files)
    assert report.counts.files == 1
    assert {file.path: file.reason for file in report.skipped_files} == {
        "node_modules/": "vendored",
        "c.bin": "unknown_language",
        ".aelusignore": "unknown_language",
        "d.py": "ignored",
        "e.py": "binary",
    }


async def test_a_push_is_a_job_and_the_same_push_the_same_job(use_cases: UseCases) -> None:
    shop, receive = await pushed_repository(use_cases), use_cases.receive_files()
    push = FilePush(files={"cart.py": CART.encode()}, commit="v1")
    job = await receive(LOCAL_TENANT, shop.id, push)
    await use_cases.run_job()(JobMessage(tenant=LOCAL_TENANT, job=job.id))
    again = await receive(LOCAL_TENANT, shop.id, push)
    assert (again.id, again.state) == (job.id, JobState.SUCCEEDED)
    assert (await receive(LOCAL_TENANT, shop.id, FilePush(files={}, commit="v2"))).id != job.id


async def test_a_dry_push_tells_and_keeps_nothing(use_cases: UseCases) -> None:
    shop, receive = await pushed_repository(use_cases), use_cases.receive_files()
    await receive.apply(LOCAL_TENANT, shop.id, FilePush(files={"a.py": b"1", "b.py": b"2"}))
    job = await receive.dry_run(LOCAL_TENANT, shop.id, FilePush(files={"a.py": b"3", "c.py": b"4"}, deleted=["b.py"]))
    assert (job.state, job.result and job.result.paths) == (
        JobState.SUCCEEDED,
        FileChanges(added=("c.py",), changed=("a.py",), removed=("b.py",)),
    )
    assert await use_cases.read_jobs().one(LOCAL_TENANT, job.id) == job
    assert set((await use_cases.ports().pushed_files.state(LOCAL_TENANT, shop.id)).files) == {"a.py", "b.py"}


@pytest.mark.parametrize("path", ["", "/a.py", "a//b.py", "../a.py", "a/./b.py", "a\0.py", "é" * 600])
async def test_a_path_that_cannot_be_is_refused(use_cases: UseCases, path: str) -> None:
    shop = await pushed_repository(use_cases)
    with pytest.raises(InvalidRequest):
        await use_cases.receive_files()(LOCAL_TENANT, shop.id, FilePush(files={path: b""}))


@pytest.mark.parametrize(
    "push",
    [
        FilePush(files={}),
        FilePush(files={"a": b""}, deleted=["a"]),
        FilePush(files={"a": b""}, commit="two words"),
        FilePush(files={}, deleted=[str(number) for number in range(5001)]),
        FilePush(files={"a": b"x" * (2**21 + 1)}),
    ],
)
async def test_a_push_beyond_its_bounds_is_refused(use_cases: UseCases, push: FilePush) -> None:
    shop = await pushed_repository(use_cases)
    with pytest.raises(InvalidRequest):
        await use_cases.receive_files()(LOCAL_TENANT, shop.id, push)


async def test_a_repository_that_is_read_takes_no_pushes(use_cases: UseCases, aelus: Aelus) -> None:
    read = await use_cases.register_repository()(LOCAL_TENANT, "https://example.org/shop.git")
    with pytest.raises(Conflict, match="read from"):
        await use_cases.receive_files()(LOCAL_TENANT, read.id, FilePush(files={"a.py": b""}))
    with pytest.raises(Conflict, match="read from"):
        await aelus.push("shop", {"a.py": ""})


async def test_files_are_pushed_over_http(client: httpx2.AsyncClient, use_cases: UseCases) -> None:
    made = (await client.post(f"{API}/repositories", json={"pushed": True, "name": "shop"})).json()
    assert (made["git_url"], made["pushed"]) == (None, True)
    files = [{"path": "cart.py", "content": CART}, {"path": "old.py", "content_base64": "eCA9ICfkJwo="}]
    accepted = await client.post(f"{API}/ingest/files", json={"repository_id": made["id"], "files": files, "commit": "v1"})
    assert accepted.status_code == 202
    await use_cases.run_job()(JobMessage(tenant=LOCAL_TENANT, job=UUID(accepted.json()["job_id"])))
    job = (await client.get(f"{API}/ingest/jobs/{accepted.json()['job_id']}")).json()
    assert (job["status"], job["result"]["commit"], job["result"]["files_added"]) == ("succeeded", "v1", 2)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"files": [{"path": "a.py"}]}, 422),
        ({"files": [{"path": "a.py", "content": "", "content_base64": ""}]}, 422),
        ({"files": [{"path": "a.py", "content": ""}, {"path": "a.py", "content": ""}]}, 422),
        ({"files": [{"path": "../a.py", "content": ""}]}, 422),
        ({"files": [{"path": "a", "content": ""}, {"path": "a/b", "content": ""}]}, 409),
        ({"repository_id": str(uuid4()), "deleted": ["a"]}, 404),
        ({}, 422),
    ],
)
async def test_what_cannot_be_pushed_is_refused_over_http(client: httpx2.AsyncClient, change: dict[str, object], status: int) -> None:
    made = (await client.post(f"{API}/repositories", json={"pushed": True, "name": "shop"})).json()
    assert (await client.post(f"{API}/ingest/files", json={"repository_id": made["id"], **change})).status_code == status


async def test_a_pushed_repository_needs_a_name_and_no_address(client: httpx2.AsyncClient) -> None:
    for wrong in ({"pushed": True}, {"pushed": True, "name": "a", "git_url": "https://example.org/a.git"}, {"name": "a"}):
        assert (await client.post(f"{API}/repositories", json=wrong)).status_code == 422


PATHS = st.sampled_from(["a.py", "pkg/__init__.py", "pkg/b.py", "README.md", "vendor/c.py"])
CONTENTS = st.sampled_from([b"", b"def f(): pass\n", b"from pkg.b import g\ng()\n", b"def g(): f()\n", b"# Title\n\n`pkg.b.g`\n"])
PUSHES = st.lists(st.tuples(st.dictionaries(PATHS, CONTENTS), st.sets(PATHS)), min_size=1, max_size=4)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pushes=PUSHES)
async def test_an_index_of_pushes_equals_one_of_the_same_files(pushes: list[tuple[dict[str, bytes], set[str]]]) -> None:
    held: dict[str, bytes] = {}
    async with open_memory(load_settings(parser_processes=1)) as grown, open_memory(load_settings(parser_processes=1)) as clean:
        repository = await pushed_repository(grown)
        await clean.ports().repositories.add(LOCAL_TENANT, repository)
        for files, deleted in pushes:
            gone = deleted - files.keys()
            await grown.receive_files().apply(LOCAL_TENANT, repository.id, FilePush(files=files, deleted=sorted(gone), commit="c"))
            held = {path: content for path, content in {**held, **files}.items() if path not in gone}
            await index_if_any(grown, repository)
        await clean.receive_files().apply(LOCAL_TENANT, repository.id, FilePush(files=held, commit="c"))
        if await index_if_any(clean, repository):
            (await rows(grown, repository)).assert_equals(await rows(clean, repository))
