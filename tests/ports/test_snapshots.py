from __future__ import annotations

import asyncio
from contextlib import suppress
from uuid import UUID

import pytest

from aelus.adapters.postgres.database import Database
from aelus.adapters.postgres.queries import load
from aelus.domain.search import SearchFilter
from aelus.domain.tenancy import TenantView
from aelus.ports.errors import PortError
from index_builder import MODEL, change, small, vector
from stores import Stores, in_postgres

ALL = SearchFilter()
NOBODY = f"'{UUID(int=1)}'"


async def test_reads_of_several_stores_at_once_answer_as_they_do_alone(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    await stores.write(tenant, shop, change(small("shop")))
    async with stores.snapshots(tenant):
        near, stamps, node = await asyncio.gather(
            stores.vectors.nearest(tenant, vector(1, 0), model=MODEL, where=ALL, limit=5),
            stores.repositories.stamps(tenant),
            stores.graph.find(tenant, "shop"),
        )
    assert near == await stores.vectors.nearest(tenant, vector(1, 0), model=MODEL, where=ALL, limit=5)
    assert [stamp.name for stamp in stamps] == [shop.name]
    assert node == await stores.graph.find(tenant, "shop")


async def test_another_tenants_rows_are_not_to_be_had_within(stores: Stores) -> None:
    tenant, other = await stores.tenant(), await stores.tenant()
    shop, theirs = await stores.repository(tenant), await stores.repository(other, "theirs")
    async with stores.snapshots(tenant):
        assert [stamp.repository_id for stamp in await stores.repositories.stamps(other)] == [theirs.id]
        assert await stores.repositories.stamps(TenantView(tenant, ())) == []
        assert [stamp.repository_id for stamp in await stores.repositories.stamps(tenant)] == [shop.id]


async def test_what_is_written_meanwhile_is_not_seen(database: Database) -> None:
    stores = in_postgres(database)
    tenant = await stores.tenant()
    async with stores.snapshots(tenant), stores.snapshots(tenant):
        assert await stores.repositories.stamps(tenant) == []
        shop = await stores.repository(tenant)
        assert await stores.repositories.stamps(tenant) == []
    assert [stamp.repository_id for stamp in await stores.repositories.stamps(tenant)] == [shop.id]


async def test_no_second_connection_is_taken(database: Database) -> None:
    stores = in_postgres(database)
    tenant = await stores.tenant()
    async with stores.snapshots(tenant):
        size, idle, _ = database.connections()
        await asyncio.gather(*[stores.repositories.stamps(tenant) for _ in range(20)])
        assert database.connections() == (size, idle, database.connections()[2])


async def test_a_read_that_is_left_over_from_one_that_failed_keeps_to_its_own_tenant(database: Database) -> None:
    stores = in_postgres(database)
    tenant, other = await stores.tenant(), await stores.tenant()
    shop = await stores.repository(tenant)
    failed = asyncio.Event()

    async def late() -> list[str]:
        await failed.wait()
        return [stamp.name for stamp in await stores.repositories.stamps(tenant)]

    async def fail() -> asyncio.Task[list[str]]:
        async with stores.snapshots(tenant):
            reading = asyncio.create_task(late())
            with suppress(PortError):
                await stores.vectors.nearest(tenant, vector(1, 0), model=MODEL, where=ALL, limit=-1)
        return reading

    reading = await fail()
    async with stores.snapshots(other):
        failed.set()
        assert await reading == [shop.name]


@pytest.mark.parametrize(
    ("file", "name", "values"),
    [
        ("search", "nearest", "'{}', '{}', '[1, 0]', 'words', 5, '{}', '{}', ''"),
        ("search", "numbered", "'{}', '{}'"),
        ("search", "postings", "'{}', '{}'"),
        ("graph", "ties", "'{}', '{}', 64"),
    ],
)
async def test_a_plan_that_was_made_for_small_tables_goes_by_keys(database: Database, file: str, name: str, values: str) -> None:
    async with database.tenant(UUID(int=1)) as connection:
        await connection.execute(load("index", "refresh_statistics"))
    async with database.snapshot(UUID(int=1)), database.tenant(UUID(int=1), readonly=True) as connection:
        await connection.execute("set local plan_cache_mode = force_generic_plan")
        await connection.execute(f"prepare planned_once as {load(file, name)}")
        plan = [row[0] for row in await connection.fetch(f"explain execute planned_once ({NOBODY}, {values})")]
        await connection.execute("deallocate planned_once")
    assert any("Index" in line for line in plan)
    assert not [line for line in plan if "Seq Scan" in line or "Hash Join" in line or "Merge Join" in line]
