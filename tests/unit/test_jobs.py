from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from dependency_injector import providers

from aelus.adapters.memory import HashEmbedder, SettableClock
from aelus.application.run_job import MAX_DEATHS, RunJob
from aelus.domain.jobs import FIRST_PAUSE_S, LONGEST_PAUSE_S, PATIENCE_S, Job, JobState, Stage
from aelus.domain.repository import Repository
from aelus.domain.search import Vector
from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.errors import Conflict, InvalidRequest, NotFound, NothingToIndex, Unavailable
from aelus.ports.queue import JobMessage


@pytest.fixture
async def repository(use_cases: UseCases, project: Path) -> Repository:
    return await use_cases.register_repository()(LOCAL_TENANT, str(project))


@pytest.fixture
async def job(use_cases: UseCases, repository: Repository) -> Job:
    return await use_cases.request_ingestion()(LOCAL_TENANT, repository.id)


async def run(use_cases: UseCases, job: Job) -> Job:
    await use_cases.run_job()(JobMessage(tenant=LOCAL_TENANT, job=job.id))
    return await use_cases.read_jobs().one(LOCAL_TENANT, job.id)


def patient_runner(use_cases: UseCases) -> RunJob:
    """Looks again after a hundredth of a second in place of seconds."""
    ports, index = use_cases.ports(), use_cases.index_repository()
    return RunJob(tenants=ports.tenants, jobs=ports.jobs, index=index, clock=ports.clock, busy_poll_s=0.01, tenant_poll_s=0.01)


async def test_a_job_indexes_its_repository(use_cases: UseCases, job: Job) -> None:
    ended = await run(use_cases, job)
    assert (ended.state, ended.stage, ended.attempts, ended.error) == (JobState.SUCCEEDED, Stage.DONE, 1, "")


async def test_a_job_tells_what_it_did(use_cases: UseCases, job: Job) -> None:
    ended = await run(use_cases, job)
    assert ended.progress.files_processed == ended.progress.files_total == 4
    assert ended.progress.nodes_created > 0


async def test_a_job_names_the_files_that_it_could_not_read(use_cases: UseCases, project: Path, job: Job) -> None:
    (project / "shop/large.py").write_text("x = 1\n" * 400_000)
    done = await run(use_cases, job)
    assert [(error.path, error.reason) for error in done.file_errors] == [("shop/large.py", "too_large")]


async def test_a_job_says_what_has_changed(use_cases: UseCases, job: Job) -> None:
    ended = await run(use_cases, job)
    assert ended.result is not None
    assert (ended.result.added, ended.result.changed, ended.result.removed) == (len(ended.result.paths.added), 0, 0)
    assert ended.result.counts is not None
    assert ended.result.counts.files == 4


async def test_a_dry_run_is_a_job_that_writes_nothing_beside_the_one_that_waits(use_cases: UseCases, job: Job) -> None:
    request = use_cases.request_ingestion()
    trial = await request.dry_run(LOCAL_TENANT, job.repository_id, file_patterns=["nowhere/**", "!x"])
    assert trial.id != job.id
    with pytest.raises(NothingToIndex):
        await use_cases.index_repository()(LOCAL_TENANT, job.repository_id, trial=trial.trial)
    trial = await request.dry_run(LOCAL_TENANT, job.repository_id)
    ended = await run(use_cases, trial)
    assert (ended.state, ended.result and ended.result.counts and ended.result.counts.files) == (JobState.SUCCEEDED, 4)
    assert (await use_cases.ports().repositories.get(LOCAL_TENANT, job.repository_id)).index is None
    assert (await request(LOCAL_TENANT, job.repository_id)).id == job.id


async def test_patterns_of_a_request_are_kept(use_cases: UseCases, repository: Repository) -> None:
    await use_cases.request_ingestion()(LOCAL_TENANT, repository.id, file_patterns=["src/**"])
    assert (await use_cases.ports().repositories.get(LOCAL_TENANT, repository.id)).file_patterns == ("src/**",)
    with pytest.raises(InvalidRequest, match="pattern"):
        await use_cases.request_ingestion().dry_run(LOCAL_TENANT, repository.id, file_patterns=["x"] * 51)


async def test_another_branch_gets_an_index_of_its_own(use_cases: UseCases, repository: Repository) -> None:
    ask, repositories = use_cases.request_ingestion(), use_cases.ports().repositories
    job = await ask(LOCAL_TENANT, repository.id, branch="next", file_patterns=["src/**"])
    assert (await ask(LOCAL_TENANT, repository.id, branch="next")).id == job.id
    branch = await repositories.get(LOCAL_TENANT, job.repository_id)
    assert (branch.name, branch.branch, branch.branch_of, branch.file_patterns) == ("project@next", "next", repository.id, ("src/**",))
    assert await repositories.get(LOCAL_TENANT, repository.id) == repository
    with pytest.raises(Conflict, match="branch of another"):
        await ask(LOCAL_TENANT, branch.id, branch="other")


async def test_asking_twice_makes_one_job(use_cases: UseCases, job: Job) -> None:
    again = await use_cases.request_ingestion()(LOCAL_TENANT, job.repository_id)
    assert again.id == job.id


async def test_a_message_that_comes_twice_does_the_work_once(use_cases: UseCases, job: Job) -> None:
    ended = await run(use_cases, job)
    assert await run(use_cases, job) == ended


async def test_a_job_of_a_folder_that_is_gone_fails_with_the_reason(use_cases: UseCases, job: Job, repository: Repository) -> None:
    moved = replace(repository, location=repository.location + "-gone")
    await use_cases.ports().repositories.update(LOCAL_TENANT, moved)
    ended = await run(use_cases, job)
    assert ended.state is JobState.FAILED
    assert "gone" in ended.error


async def test_a_job_of_a_removed_repository_is_dropped(use_cases: UseCases, job: Job) -> None:
    await use_cases.remove_repository()(LOCAL_TENANT, job.repository_id)
    await use_cases.run_job()(JobMessage(tenant=LOCAL_TENANT, job=job.id))


async def test_a_job_of_an_unknown_repository_is_refused(use_cases: UseCases) -> None:
    with pytest.raises(NotFound):
        await use_cases.request_ingestion()(LOCAL_TENANT, LOCAL_TENANT)


async def test_waiting_jobs_that_nobody_writes_are_told_to_the_queue_again(use_cases: UseCases, job: Job) -> None:
    assert job.state is JobState.QUEUED
    assert await use_cases.recover_jobs()(waiting_s=60, running_s=0) == 0
    assert await use_cases.recover_jobs()(waiting_s=0, running_s=60) == 1


async def test_ended_jobs_are_not(use_cases: UseCases, job: Job) -> None:
    await run(use_cases, job)
    assert await use_cases.recover_jobs()(waiting_s=0, running_s=0) == 0


async def test_a_job_whose_worker_gives_no_sign_of_life_is_told_again(use_cases: UseCases, job: Job) -> None:
    await use_cases.ports().jobs.update(LOCAL_TENANT, replace(job, state=JobState.RUNNING))
    assert await use_cases.recover_jobs()(waiting_s=0, running_s=60) == 0
    assert await use_cases.recover_jobs()(waiting_s=60, running_s=0) == 1


async def test_a_job_that_somebody_is_at_is_left_to_that_one(use_cases: UseCases, job: Job) -> None:
    await use_cases.ports().jobs.update(LOCAL_TENANT, replace(job, state=JobState.RUNNING, attempts=1))
    second = patient_runner(use_cases)
    async with use_cases.ports().indexes.session(LOCAL_TENANT, job.repository_id):
        await asyncio.wait_for(second(JobMessage(tenant=LOCAL_TENANT, job=job.id)), 10)
    assert (await use_cases.read_jobs().one(LOCAL_TENANT, job.id)).state is JobState.RUNNING


async def test_a_job_that_ends_its_worker_each_time_is_given_up(use_cases: UseCases, job: Job) -> None:
    await use_cases.ports().jobs.update(LOCAL_TENANT, replace(job, state=JobState.RUNNING, attempts=MAX_DEATHS))
    ended = await run(use_cases, job)
    assert (ended.state, "its worker ended" in ended.error) == (JobState.FAILED, True)


async def test_following_a_job_ends_with_it(use_cases: UseCases, job: Job) -> None:
    await run(use_cases, job)
    states = [found.state async for found in use_cases.read_jobs().follow(LOCAL_TENANT, job.id)]
    assert states == [JobState.SUCCEEDED]


class AwayEmbedder(HashEmbedder):
    """A service that does not answer until its time has come."""

    def __init__(self, clock: SettableClock, *, away_s: float) -> None:
        super().__init__()
        self._clock = clock
        self._back_at = clock.now() + timedelta(seconds=away_s)

    async def embed_documents(self, texts: Sequence[str]) -> list[Vector]:
        if self._clock.now() < self._back_at:
            raise Unavailable(f"The embedding service did not take {len(texts)} texts.")
        return await super().embed_documents(texts)


def without_embedder(use_cases: UseCases, clock: SettableClock, *, away_s: float) -> UseCases:
    away = replace(use_cases.ports(), embedder=AwayEmbedder(clock, away_s=away_s), clock=clock)
    return UseCases(ports=providers.Object(away))


async def look(use_cases: UseCases) -> None:
    """What a worker does all the time: tell the queue of jobs that nobody does, and do what it hears of."""
    queue = use_cases.queue()
    await use_cases.recover_jobs()(waiting_s=0, running_s=60)
    working = asyncio.create_task(queue.work(use_cases.run_job()))
    while any(depth.waiting or depth.at_work for depth in await queue.depths()):  # noqa: ASYNC110 - it ends in a moment
        await asyncio.sleep(0.001)
    working.cancel()
    await asyncio.wait([working])


async def test_a_service_that_is_away_leaves_the_job_to_be_tried_again(use_cases: UseCases, job: Job) -> None:
    clock = SettableClock(job.created_at)
    waiting = await run(without_embedder(use_cases, clock, away_s=60), job)
    assert (waiting.state, waiting.attempts, waiting.retries) == (JobState.QUEUED, 1, 1)
    assert waiting.next_try_at == clock.now() + timedelta(seconds=FIRST_PAUSE_S)
    assert "embedding service" in waiting.error
    assert await run(without_embedder(use_cases, clock, away_s=60), job) == waiting


async def test_an_outage_of_half_an_hour_loses_nothing_and_needs_no_hand(use_cases: UseCases, job: Job) -> None:
    clock = SettableClock(job.created_at)
    service, passed_s = without_embedder(use_cases, clock, away_s=1800), 0
    while not (current := await service.read_jobs().one(LOCAL_TENANT, job.id)).state.ended:
        await look(service)
        clock.advance(5)
        passed_s += 5
    assert (current.state, current.error) == (JobState.SUCCEEDED, "")
    assert 1800 <= passed_s <= 1800 + LONGEST_PAUSE_S + 10
    assert 1 < current.attempts < 20
    assert current.progress.embeddings_created


async def test_patience_has_an_end(use_cases: UseCases, job: Job) -> None:
    clock = SettableClock(job.created_at)
    service = without_embedder(use_cases, clock, away_s=10 * PATIENCE_S)
    await run(service, job)
    clock.advance(PATIENCE_S)
    ended = await run(service, job)
    assert (ended.state, ended.attempts) == (JobState.FAILED, 2)
    assert "embedding service" in ended.error


async def test_a_job_waits_while_somebody_else_indexes_its_repository(use_cases: UseCases, job: Job) -> None:
    patient = patient_runner(use_cases)
    async with use_cases.ports().indexes.session(LOCAL_TENANT, job.repository_id):
        running = asyncio.create_task(patient(JobMessage(tenant=LOCAL_TENANT, job=job.id)))
        await asyncio.sleep(0.05)
        assert not running.done()
    await running
    assert (await use_cases.read_jobs().one(LOCAL_TENANT, job.id)).attempts == 1


async def test_a_waiting_job_that_is_cancelled_is_not_begun(use_cases: UseCases, job: Job) -> None:
    cancelled = await use_cases.cancel_job()(LOCAL_TENANT, job.id)
    assert (cancelled.state, cancelled.ended_at is not None) == (JobState.CANCELLED, True)
    assert await run(use_cases, job) == cancelled
    assert await use_cases.cancel_job()(LOCAL_TENANT, job.id) == cancelled


class StuckEmbedder(HashEmbedder):
    """A service that takes for ever, and says when it has begun."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = asyncio.Event()

    async def embed_documents(self, texts: Sequence[str]) -> list[Vector]:
        self.begun.set()
        await asyncio.Event().wait()
        return await super().embed_documents(texts)


async def test_a_job_at_work_that_is_cancelled_is_cut_off_and_writes_nothing(use_cases: UseCases, job: Job) -> None:
    embedder = StuckEmbedder()
    stuck = UseCases(ports=providers.Object(replace(use_cases.ports(), embedder=embedder)))
    running = asyncio.create_task(stuck.run_job()(JobMessage(tenant=LOCAL_TENANT, job=job.id)))
    await embedder.begun.wait()
    await use_cases.cancel_job()(LOCAL_TENANT, job.id)
    await asyncio.wait_for(running, 10)
    assert (await use_cases.read_jobs().one(LOCAL_TENANT, job.id)).state is JobState.CANCELLED
    assert (await use_cases.ports().repositories.get(LOCAL_TENANT, job.repository_id)).index is None


async def test_a_job_that_has_succeeded_cannot_be_cancelled(use_cases: UseCases, job: Job) -> None:
    await run(use_cases, job)
    with pytest.raises(Conflict, match="succeeded"):
        await use_cases.cancel_job()(LOCAL_TENANT, job.id)


async def test_failed_work_is_listed_and_asked_for_again(use_cases: UseCases, job: Job) -> None:
    await use_cases.ports().jobs.update(LOCAL_TENANT, replace(job, state=JobState.FAILED, error="no"))
    assert [found.id for found in await use_cases.retry_jobs().failed(LOCAL_TENANT, limit=10)] == [job.id]
    (again,) = await use_cases.retry_jobs()(LOCAL_TENANT, [job.id])
    assert (again.id != job.id, again.state) == (True, JobState.QUEUED)
    assert (await run(use_cases, again)).state is JobState.SUCCEEDED
    assert await use_cases.retry_jobs().failed(LOCAL_TENANT, limit=10) == []


async def test_only_failed_work_is_tried_again(use_cases: UseCases, job: Job) -> None:
    with pytest.raises(Conflict, match="has not failed"):
        await use_cases.retry_jobs()(LOCAL_TENANT, [job.id])


async def test_a_job_that_was_ended_by_somebody_else_stays_as_it_is(use_cases: UseCases, job: Job) -> None:
    cancelled = replace(job, state=JobState.CANCELLED)
    await use_cases.ports().jobs.update(LOCAL_TENANT, cancelled)
    assert await run(use_cases, job) == cancelled


async def test_a_job_of_a_deleted_tenant_waits_until_the_tenant_is_brought_back(use_cases: UseCases, project: Path) -> None:
    tenant = (await use_cases.change_tenants().create("team")).tenant.id
    repository = await use_cases.register_repository()(tenant, str(project))
    job = await use_cases.request_ingestion()(tenant, repository.id)
    for deleted, state in ((True, JobState.QUEUED), (False, JobState.SUCCEEDED)):
        await use_cases.change_tenants()(tenant, deleted=deleted)
        await use_cases.run_job()(JobMessage(tenant=tenant, job=job.id))
        assert (await use_cases.read_jobs().one(tenant, job.id)).state is state


async def test_work_for_a_tenant_that_is_deleted_is_cut_off_and_done_when_it_is_brought_back(use_cases: UseCases, project: Path) -> None:
    tenant, embedder = (await use_cases.change_tenants().create("team")).tenant.id, StuckEmbedder()
    repository = await use_cases.register_repository()(tenant, str(project))
    job = await use_cases.request_ingestion()(tenant, repository.id)
    stuck = patient_runner(UseCases(ports=providers.Object(replace(use_cases.ports(), embedder=embedder))))
    running = asyncio.create_task(stuck(JobMessage(tenant=tenant, job=job.id)))
    await embedder.begun.wait()
    await use_cases.change_tenants()(tenant, deleted=True)
    await asyncio.wait_for(running, 10)
    assert not (await use_cases.read_jobs().one(tenant, job.id)).state.ended
    assert (await use_cases.ports().repositories.get(tenant, repository.id)).index is None
    await use_cases.change_tenants()(tenant, deleted=False)
    await use_cases.run_job()(JobMessage(tenant=tenant, job=job.id))
    assert (await use_cases.read_jobs().one(tenant, job.id)).state is JobState.SUCCEEDED
