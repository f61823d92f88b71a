from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from aelus.domain.jobs import FileError, JobState, Progress, Stage, Trial, job_result
from aelus.domain.repository import IndexCounts
from aelus.domain.source import FileChanges
from aelus.ports.errors import Conflict, NotFound
from index_builder import NOW, job
from stores import Stores


async def test_a_job_is_read_as_it_was_written(stores: Stores) -> None:
    tenant = await stores.tenant()
    one = job((await stores.repository(tenant)).id)
    await stores.jobs.add(tenant, one)
    errors = (FileError(path="a.py", reason="timeout", detail="more than 10 s"),)
    running = replace(one, state=JobState.RUNNING, stage=Stage.LINK, progress=Progress(files_total=7), file_errors=errors, started_at=NOW)
    await stores.jobs.update(tenant, running)
    assert await stores.jobs.get(tenant, one.id) == running


async def test_a_waiting_job_stands_for_later_ones_of_its_repository(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    first = await stores.jobs.add(tenant, job(shop.id))
    assert (await stores.jobs.add(tenant, job(shop.id, minute=1))).id == first.id
    await stores.jobs.update(tenant, replace(first, state=JobState.RUNNING))
    assert (await stores.jobs.add(tenant, job(shop.id, minute=2))).id != first.id


async def test_a_dry_run_waits_beside_other_jobs_and_keeps_its_result(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    trial = replace(job(shop.id), trial=Trial(branch="next", file_patterns=("src/**",)))
    assert await stores.jobs.add(tenant, trial) == trial
    assert (await stores.jobs.add(tenant, replace(trial, id=uuid4()))).id != trial.id
    assert (await stores.jobs.add(tenant, job(shop.id))).trial is None
    result = job_result(
        "c0ffee", FileChanges(added=tuple(f"{number:03}.py" for number in range(150)), removed=("old.py",)), IndexCounts(files=150)
    )
    ended = replace(trial, state=JobState.SUCCEEDED, result=result, ended_at=NOW)
    await stores.jobs.update(tenant, ended)
    assert await stores.jobs.get(tenant, trial.id) == ended
    assert (result.added, len(result.paths.added), result.removed) == (150, 100, 1)


async def test_a_failed_dry_run_is_nothing_to_retry(stores: Stores) -> None:
    tenant = await stores.tenant()
    trial = await stores.jobs.add(tenant, replace(job((await stores.repository(tenant)).id), trial=Trial()))
    await stores.jobs.update(tenant, replace(trial, state=JobState.FAILED, error="no", ended_at=NOW))
    assert await stores.jobs.failed(tenant) == []


async def test_a_job_that_has_ended_is_not_changed_any_more(stores: Stores) -> None:
    tenant = await stores.tenant()
    one = await stores.jobs.add(tenant, job((await stores.repository(tenant)).id))
    await stores.jobs.update(tenant, replace(one, state=JobState.FAILED, error="no", ended_at=NOW))
    with pytest.raises(Conflict, match="failed"):
        await stores.jobs.update(tenant, replace(one, state=JobState.RUNNING))


async def test_jobs_are_listed_newest_first_and_silent_ones_oldest_first(stores: Stores) -> None:
    tenant = await stores.tenant()
    jobs = [job((await stores.repository(tenant, name)).id, minute=minute) for minute, name in enumerate("abc")]
    for one in jobs:
        await stores.jobs.add(tenant, one)
    await stores.jobs.update(tenant, replace(jobs[1], state=JobState.SUCCEEDED, ended_at=NOW))
    assert [one.id for one in await stores.jobs.list(tenant, limit=2)] == [jobs[2].id, jobs[1].id]
    assert [one.id for one in await stores.jobs.silent(tenant, waiting_s=0, running_s=0, now=NOW)] == [jobs[0].id, jobs[2].id]


async def test_of_several_callers_one_is_told_of_a_silent_job(stores: Stores) -> None:
    tenant = await stores.tenant()
    waiting = await stores.jobs.add(tenant, job((await stores.repository(tenant)).id))
    running = await stores.jobs.add(tenant, job((await stores.repository(tenant, "b")).id))
    await stores.jobs.update(tenant, replace(running, state=JobState.RUNNING))
    await asyncio.sleep(0.3)
    await stores.jobs.update(tenant, replace(running, state=JobState.RUNNING, attempts=1))
    told = await asyncio.gather(*(stores.jobs.silent(tenant, waiting_s=0.25, running_s=0.25, now=NOW) for _ in range(4)))
    assert [[one.id for one in found] for found in told if found] == [[waiting.id]]


async def test_a_repository_whose_last_job_failed_is_listed_until_one_succeeds(stores: Stores) -> None:
    tenant = await stores.tenant()
    shops = [await stores.repository(tenant, name) for name in "ab"]
    jobs = [job(shop.id, minute=minute) for minute, shop in enumerate(shops)]
    for one in jobs:
        await stores.jobs.add(tenant, one)
        await stores.jobs.update(tenant, replace(one, state=JobState.FAILED, error="no", ended_at=NOW))
    assert [one.id for one in await stores.jobs.failed(tenant)] == [jobs[1].id, jobs[0].id]
    later = await stores.jobs.add(tenant, job(shops[0].id, minute=2))
    await stores.jobs.update(tenant, replace(later, state=JobState.SUCCEEDED, ended_at=NOW))
    assert [one.id for one in await stores.jobs.failed(tenant)] == [jobs[1].id]
    assert await stores.jobs.failed(await stores.tenant()) == []


async def test_another_tenants_job_does_not_exist(stores: Stores) -> None:
    tenant, other = await stores.tenant(), await stores.tenant()
    one = await stores.jobs.add(tenant, job((await stores.repository(tenant)).id))
    with pytest.raises(NotFound, match=str(one.id)):
        await stores.jobs.get(other, one.id)
    with pytest.raises(NotFound):
        await stores.jobs.update(other, one)
    assert await stores.jobs.list(other) == []


async def test_a_job_of_no_repository_is_refused(stores: Stores) -> None:
    tenant = await stores.tenant()
    with pytest.raises(NotFound):
        await stores.jobs.add(tenant, job(uuid4()))


async def test_a_job_that_is_to_be_tried_later_is_told_when_its_time_has_come(stores: Stores) -> None:
    tenant = await stores.tenant()
    one = await stores.jobs.add(tenant, job((await stores.repository(tenant)).id))
    waiting = replace(one, error="away", retries=2, next_try_at=NOW + timedelta(minutes=1))
    await stores.jobs.update(tenant, waiting)
    assert await stores.jobs.get(tenant, one.id) == waiting
    for moment, told in ((NOW, []), (NOW + timedelta(minutes=1), [one.id])):
        found = await stores.jobs.silent(tenant, waiting_s=0, running_s=0, now=moment)
        assert [silent.id for silent in found] == told
