"""Where a service makes vectors, an index does not wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import httpx2
import pytest
from dependency_injector import providers

from aelus import Aelus
from aelus.adapters.memory import HashEmbedder, MemoryCache
from aelus.domain.jobs import Job, JobState, Stage, StageError, unended_stages
from aelus.domain.search import SearchMode, Vector
from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints.cli.jobs import job_object
from aelus.entrypoints.cli.repos import repository_object
from aelus.entrypoints.embedders import KnownEmbedders
from aelus.entrypoints.http.app import create_app
from aelus.entrypoints.settings import Settings
from aelus.entrypoints.use_cases import UseCases
from aelus.entrypoints.worker import run_worker
from aelus.ports.errors import Misconfigured, Unavailable
from aelus.ports.queue import JobMessage, Task
from index_builder import NOW
from sample_project import write_project

QUESTION = "take the tax off a price"
REFUSAL = "The service refuses the key. Set a valid one."
ROUNDS_OF_HALF_AN_HOUR = 30
"""Times that a worker asks for vectors that nobody makes, which is once a minute (`LEASE_S`)."""
SERVER = "http://127.0.0.1"


class Service(HashEmbedder):
    """Embeds as a service would: it may be away."""

    away = False
    refuses = False
    asked = 0

    @property
    def remote(self) -> bool:
        return True

    async def embed_documents(self, texts: Sequence[str]) -> list[Vector]:
        self.asked += 1
        if self.away:
            raise Unavailable("The service is away.", "Try again.")
        if self.refuses:
            raise Misconfigured("The service refuses the key.", "Set a valid one.")
        return await super().embed_documents(texts)


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def remote(use_cases: UseCases, service: Service) -> UseCases:
    ports = replace(use_cases.ports(), embedder=service, embedders=KnownEmbedders(service), cache=MemoryCache())
    return UseCases(ports=providers.Object(ports))


async def until(reached: Callable[[], Awaitable[bool]]) -> None:
    """Ask until it is so."""
    async with asyncio.timeout(30):
        while not await reached():  # noqa: ASYNC110 -- a store tells nobody
            await asyncio.sleep(0.02)


async def ingest(use_cases: UseCases, folder: Path) -> Job:
    repository = await use_cases.register_repository()(LOCAL_TENANT, str(write_project(folder)), name="project")
    job = await use_cases.request_ingestion()(LOCAL_TENANT, repository.id)

    async def ended() -> bool:
        return (await use_cases.read_jobs().one(LOCAL_TENANT, job.id)).state.ended

    await until(ended)
    return await use_cases.read_jobs().one(LOCAL_TENANT, job.id)


@pytest.fixture
async def worker(remote: UseCases, memory_settings: Settings) -> AsyncIterator[None]:
    stop = asyncio.Event()
    working = asyncio.create_task(run_worker(remote, memory_settings, stop=stop))
    yield
    stop.set()
    await working


@pytest.mark.usefixtures("worker")
async def test_a_job_ends_without_its_vectors_which_follow(remote: UseCases, service: Service, tmp_path: Path) -> None:
    service.away = True
    await ingest(remote, tmp_path / "project")
    service.away = False
    assert await Aelus(remote).search(QUESTION, mode=SearchMode.LEXICAL)
    await remote.embed_backlog().recover(silent_s=0)

    async def found() -> bool:
        return bool(await Aelus(remote).search(QUESTION, mode=SearchMode.VECTOR))

    await until(found)


async def test_one_who_indexes_without_a_queue_gets_the_vectors_with_it(remote: UseCases, tmp_path: Path) -> None:
    await Aelus(remote).index(write_project(tmp_path / "project"))
    assert await Aelus(remote).search(QUESTION, mode=SearchMode.VECTOR)
    assert await remote.embed_backlog().recover(silent_s=0) == 0


@pytest.mark.usefixtures("worker")
async def test_vectors_that_come_later_are_those_that_come_at_once(remote: UseCases, tmp_path: Path) -> None:
    await ingest(remote, tmp_path / "later")

    async def filled() -> bool:
        return await remote.ports().backlog.due(LOCAL_TENANT, silent_s=0) == []

    await until(filled)
    later = await Aelus(remote).search(QUESTION, mode=SearchMode.VECTOR)
    await Aelus(remote).index(write_project(tmp_path / "at_once"), name="at_once")
    at_once = await Aelus(remote).search(f"{QUESTION} repo:at_once", mode=SearchMode.VECTOR)
    assert [hit.chunk.qualified_name for hit in later] == [hit.chunk.qualified_name for hit in at_once]


@pytest.mark.usefixtures("worker")
async def test_half_an_hour_without_the_service_loses_nothing_and_needs_no_hand(remote: UseCases, service: Service, tmp_path: Path) -> None:
    service.away = True
    job = await ingest(remote, tmp_path / "project")
    for _ in range(ROUNDS_OF_HALF_AN_HOUR):
        asked = service.asked
        assert await remote.embed_backlog().recover(silent_s=0) == 1
        await until(partial(_asked_again, service, asked))
    service.away = False
    await remote.embed_backlog().recover(silent_s=0)
    await until(partial(_whole, remote))
    assert (await remote.read_jobs().one(LOCAL_TENANT, job.id)).state is JobState.SUCCEEDED
    assert await Aelus(remote).search(QUESTION, mode=SearchMode.VECTOR)


async def _asked_again(service: Service, before: int) -> bool:
    return service.asked > before


async def _whole(remote: UseCases) -> bool:
    index = (await remote.get_repository()(LOCAL_TENANT, "project")).index
    return index is not None and not index.lacks_vectors


@pytest.mark.usefixtures("worker")
async def test_nothing_is_embedded_for_a_tenant_that_is_deleted(remote: UseCases, service: Service, tmp_path: Path) -> None:
    service.away = True
    await ingest(remote, tmp_path / "project")
    service.away, tenants = False, remote.ports().tenants
    (repository,) = await remote.ports().backlog.due(LOCAL_TENANT, silent_s=0)
    await tenants.replace(replace(await tenants.get(LOCAL_TENANT), deleted_at=NOW))
    await remote.embed_backlog()(JobMessage(tenant=LOCAL_TENANT, job=repository, task=Task.VECTORS))
    assert await remote.ports().backlog.lacking(LOCAL_TENANT, repository, model=service.model, limit=1)


@pytest.fixture
async def refused(remote: UseCases, service: Service, tmp_path: Path) -> Job:
    """A job whose vectors the service does not make, for its key is none."""
    service.refuses = True
    job = await ingest(remote, tmp_path / "project")

    async def told() -> bool:
        index = (await remote.ports().repositories.get(LOCAL_TENANT, job.repository_id)).index
        return index is not None and bool(index.vectors_error)

    await until(told)
    return job


@pytest.mark.usefixtures("worker")
async def test_a_refused_key_fails_no_job_which_tells_what_is_in_the_way(remote: UseCases, memory_settings: Settings, refused: Job) -> None:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=create_app(remote, memory_settings)), base_url=SERVER) as client:
        answer = (await client.get(f"/api/v1/ingest/jobs/{refused.id}")).json()
        index = (await client.get(f"/api/v1/repositories/{refused.repository_id}")).json()["index"]
    assert (answer["status"], answer["error"]) == (JobState.SUCCEEDED, "")
    assert answer["stage_errors"] == [{"stage": "embed", "detail": REFUSAL}]
    assert (index["lacks_vectors"], index["vectors_error"]) == (True, REFUSAL)


@pytest.mark.usefixtures("worker")
async def test_the_command_line_tells_it_of_repositories_and_jobs(remote: UseCases, refused: Job) -> None:
    repository = await remote.get_repository()(LOCAL_TENANT, "project")
    assert repository_object(repository)["vectors_error"] == REFUSAL
    assert job_object(refused, {repository.id: repository})["stage_errors"] == [{"stage": "embed", "detail": REFUSAL}]


@pytest.mark.usefixtures("worker")
async def test_nothing_is_in_the_way_any_more_when_the_key_is_right(remote: UseCases, service: Service, refused: Job) -> None:
    service.refuses = False
    await remote.embed_backlog().recover(silent_s=0)
    await until(partial(_whole, remote))
    assert unended_stages(refused, await remote.get_repository()(LOCAL_TENANT, "project")) == ()


@pytest.mark.usefixtures("worker")
async def test_of_a_commit_that_is_no_longer_indexed_no_job_tells(remote: UseCases, refused: Job) -> None:
    repository = await remote.get_repository()(LOCAL_TENANT, "project")
    assert repository.index is not None
    later = replace(repository, index=replace(repository.index, commit="another"))
    assert unended_stages(refused, repository) == (StageError(stage=Stage.EMBED, detail=REFUSAL),)
    assert unended_stages(refused, later) == ()
