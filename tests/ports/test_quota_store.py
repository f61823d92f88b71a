from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from aelus.domain.jobs import Job, JobState, Progress, Stage
from aelus.domain.quotas import Holdings, Metric, Quota, Quotas, UsageEntry
from aelus.domain.repository import IndexCounts, RepositoryId
from aelus.ports.errors import Conflict, NotFound, QuotaExceeded
from index_builder import NOW, change, repository, small
from stores import Stores

DAY = date(2026, 1, 2)


def job(repository: RepositoryId) -> Job:
    return Job(
        id=uuid4(),
        repository_id=repository,
        state=JobState.QUEUED,
        stage=Stage.READ,
        progress=Progress(),
        attempts=0,
        error="",
        file_errors=(),
        created_at=NOW,
        started_at=None,
        ended_at=None,
    )


async def test_a_new_tenant_has_the_usual_quotas_until_others_are_set(stores: Stores) -> None:
    tenant, other = await stores.tenant(), await stores.tenant()
    await stores.quotas.put(tenant, Quotas(vectors=5, jobs=2))
    await stores.quotas.put(tenant, Quotas(vectors=7))
    assert await stores.quotas.get(tenant) == Quotas(vectors=7)
    assert await stores.quotas.get(other) == Quotas()


async def test_an_unknown_tenant_has_no_quotas_to_set(stores: Stores) -> None:
    with pytest.raises(NotFound):
        await stores.quotas.put(uuid4(), Quotas())


async def test_what_a_tenant_has_is_known_at_any_time(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop, other = await stores.repository(tenant), await stores.repository(tenant, "other")
    first = await stores.jobs.add(tenant, job(shop.id))
    await stores.jobs.add(tenant, job(other.id))
    await stores.jobs.update(tenant, replace(first, state=JobState.RUNNING))
    counts = IndexCounts(files=2, chunks=40, size_bytes=1000)
    await stores.write(tenant, shop, replace(change(small()), counts=counts))
    assert await stores.quotas.holdings(tenant) == Holdings(vectors=40, storage_bytes=1000, repositories=2, jobs=2)
    await stores.jobs.update(tenant, replace(first, state=JobState.FAILED))
    await stores.write(tenant, shop, replace(change([], ["cart.py"]), counts=replace(counts, chunks=30, size_bytes=500)))
    assert await stores.quotas.holdings(tenant) == Holdings(vectors=30, storage_bytes=500, repositories=2, jobs=1)
    await stores.repositories.remove(tenant, shop.id)
    await stores.repositories.remove(tenant, other.id)
    assert await stores.quotas.holdings(tenant) == Holdings()


async def test_a_thousand_at_once_never_make_more_repositories_than_are_allowed(stores: Stores) -> None:
    tenant = await stores.tenant()
    adding = (stores.repositories.add(tenant, repository(f"shop-{number}"), most=7) for number in range(1000))
    outcomes = await asyncio.gather(*adding, return_exceptions=True)
    refusals = [outcome for outcome in outcomes if outcome is not None]
    assert (len(outcomes) - len(refusals), len(await stores.repositories.list(tenant))) == (7, 7)
    assert {str(refusal) for refusal in refusals} == {str(QuotaExceeded(Quota.REPOSITORIES, 7, 7))}


async def test_a_thousand_at_once_never_make_more_jobs_than_are_allowed(stores: Stores) -> None:
    tenant = await stores.tenant()
    repositories = [await stores.repository(tenant, f"shop-{number}") for number in range(20)]
    adding = (stores.jobs.add(tenant, job(repositories[number % 20].id), most=5) for number in range(1000))
    outcomes = await asyncio.gather(*adding, return_exceptions=True)
    assert len(await stores.jobs.list(tenant)) == 5
    assert {type(outcome) for outcome in outcomes} == {Job, QuotaExceeded}


async def test_a_name_that_is_taken_takes_no_room(stores: Stores) -> None:
    tenant = await stores.tenant()
    await stores.repository(tenant)
    with pytest.raises(Conflict):
        await stores.repositories.add(tenant, repository(), most=2)
    assert (await stores.quotas.holdings(tenant)).repositories == 1


async def reserve(stores: Stores, tenant: UUID, repository: RepositoryId, vectors: int, hold: asyncio.Event) -> None:
    async with stores.indexes.session(tenant, repository) as session:
        await session.reserve(vectors=vectors, size_bytes=10, most=Quotas(vectors=100))
        await hold.wait()


async def test_room_that_one_run_has_set_aside_is_not_another_s(stores: Stores) -> None:
    tenant, hold = await stores.tenant(), asyncio.Event()
    shops = [(await stores.repository(tenant, f"shop-{number}")).id for number in range(2)]
    first = asyncio.create_task(reserve(stores, tenant, shops[0], 60, hold))
    while (await stores.quotas.holdings(tenant)).vectors != 60:  # noqa: ASYNC110 - the store is all there is to watch
        await asyncio.sleep(0.01)
    with pytest.raises(QuotaExceeded) as refused:
        await reserve(stores, tenant, shops[1], 41, hold)
    assert (refused.value.quota, refused.value.limit, refused.value.usage) == (Quota.VECTORS, 100, 60)
    hold.set()
    await first
    await reserve(stores, tenant, shops[1], 100, hold)
    assert await stores.quotas.holdings(tenant) == Holdings(repositories=2)


async def test_bytes_are_held_to_as_well(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    async with stores.indexes.session(tenant, shop.id) as session:
        with pytest.raises(QuotaExceeded, match="storage_gb"):
            await session.reserve(vectors=1, size_bytes=2 * 10**9, most=Quotas(storage_gb=1))
        await session.reserve(vectors=1, size_bytes=10**9, most=Quotas(storage_gb=1))


async def test_what_is_done_is_counted_with_it(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    await stores.jobs.add(tenant, job(shop.id))
    await stores.jobs.add(tenant, job(shop.id))
    for _ in range(2):
        await stores.write(tenant, shop, change(small()))
    day = (await stores.usage.days(tenant, since=date(2020, 1, 1), until=date(2100, 1, 1)))[0]
    assert (day.amounts[Metric.JOBS], day.amounts[Metric.FILES_INDEXED], day.amounts[Metric.EMBEDDINGS]) == (1, 4, 2)


async def test_a_total_that_is_told_again_counts_once(stores: Stores) -> None:
    tenant, one, other = await stores.tenant(), uuid4(), uuid4()
    for source, amount in ((one, 3), (one, 5), (other, 2), (one, 4), (one, 5)):
        await stores.usage.put(tenant, [UsageEntry(day=DAY, metric=Metric.REQUESTS, source=source, amount=amount)])
    await stores.usage.put(tenant, [UsageEntry(day=date(2026, 1, 3), metric=Metric.REQUESTS, source=one, amount=1)])
    found = await stores.usage.days(tenant, since=DAY, until=DAY)
    assert [(day.day, dict(day.amounts)) for day in found] == [(DAY, {Metric.REQUESTS: 7})]
