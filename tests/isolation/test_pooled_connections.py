"""A connection that many take in turn belongs to each of them only as long as their transaction: under load, errors and cancellation."""

from __future__ import annotations

import asyncio
import random
from uuid import UUID

from aelus.adapters.postgres.database import Database
from aelus.domain.tenancy import TenantView
from isolation_world import Tally, World

WORKERS = 24
TURNS = 10


async def test_no_tenant_is_carried_over(world: World) -> None:
    tally, chance = Tally("pooled connections"), random.Random(7)
    tenants = (world.mine.team.id, world.theirs.team.id)
    async with await Database.open(world.owner_address, size=3) as database:
        workers = [worker(database, tally, chance, tenants) for _ in range(WORKERS)]
        await asyncio.gather(*workers)
        for _ in range(12):
            async with database.connection() as connection:
                tally.check(await connection.fetchval("select aelus.current_tenant()") is None, "a tenant is left")
                tally.check(await connection.fetchval("select aelus.visible_repositories()") is None, "a view is left")
                tally.check(await connection.fetchval("select count(*) from repositories") == 0, "rows are left")
                tally.check(await connection.fetchval("select current_user") == "aelus_app", "another role is left")
    tally.close()


async def worker(database: Database, tally: Tally, chance: random.Random, tenants: tuple[UUID, UUID]) -> None:
    for _ in range(TURNS):
        tenant = chance.choice(tenants)
        ending = chance.choice(("commit", "error", "refused", "cancel", "view", "operator"))
        if ending == "operator":
            async with database.operator() as connection:
                tally.check(await connection.fetchval("select aelus.current_tenant()") is None, "an operator has a tenant")
            continue
        asked = TenantView(tenant, []) if ending == "view" else tenant
        turn = asyncio.create_task(one_turn(database, tally, asked, ending))
        if ending == "cancel":
            await asyncio.sleep(chance.random() * 0.02)
            turn.cancel()
        await asyncio.gather(turn, return_exceptions=True)


async def one_turn(database: Database, tally: Tally, tenant: UUID, ending: str) -> None:
    async with database.tenant(tenant, readonly=ending != "refused") as connection:
        seen = await connection.fetch("select distinct tenant_id from repositories")
        names = {UUID(bytes=row["tenant_id"].bytes) for row in seen}
        tally.check(names == (set() if ending == "view" else {tenant}), f"{tenant} sees {names} ({ending})")
        tally.check(str(await connection.fetchval("select aelus.current_tenant()")) == str(tenant), f"another tenant than {tenant} is set")
        if ending == "error":
            raise ZeroDivisionError
        if ending == "refused":
            await connection.execute("select from operators")
        if ending == "cancel":
            await connection.execute("select pg_sleep(0.05)")
