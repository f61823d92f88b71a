"""What is counted adds up to what was done, whoever is killed while doing it."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from datetime import date
from pathlib import Path
from uuid import UUID

from aelus.adapters.postgres.database import Database
from aelus.domain.quotas import Metric
from stores import Stores, in_postgres

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("AELUS_TEST_KILLS", "5"))
VICTIM = """
import asyncio, sys
from dataclasses import replace
from uuid import UUID
from aelus.adapters.postgres.database import Database
from aelus.domain.jobs import JobState
from index_builder import Content, change, chunk
from ports.test_quota_store import job
from stores import in_postgres

async def main(address, tenant, number):
    async with await Database.open(address, size=2) as database:
        stores = in_postgres(database)
        [shop] = await stores.repositories.list(tenant)
        print("ready", flush=True)
        for version in range(1_000_000):
            name = f"{number}-{version}"
            contents = [Content(f"{n}.py", chunks=(chunk(f"{n}.py", "f", f"def f(): {name}"),), version=name) for n in range(3)]
            await stores.write(tenant, shop, change(contents))
            added = await stores.jobs.add(tenant, job(shop.id))
            await stores.jobs.update(tenant, replace(added, state=JobState.SUCCEEDED))

asyncio.run(main(sys.argv[1], UUID(sys.argv[2]), sys.argv[3]))
"""


async def work_and_die(address: str, tenant: UUID, number: int) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(str(ROOT / folder) for folder in ("src", "tests"))}
    command = (sys.executable, "-c", VICTIM, address, str(tenant), str(number))
    victim = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
    assert victim.stdout is not None
    assert await asyncio.wait_for(victim.stdout.readline(), 60) == b"ready\n"
    await asyncio.sleep(random.uniform(0.1, 0.6))
    victim.kill()
    await victim.wait()


async def done(database: Database, stores: Stores, tenant: UUID) -> dict[Metric, int]:
    """What the tables say was done: each write has three files and three new vectors, and one version."""
    [shop] = await stores.repositories.list(tenant)
    writes = shop.index.version if shop.index else 0
    async with database.tenant(tenant) as connection:
        jobs = await connection.fetchval("select count(*) from jobs")
    return {Metric.JOBS: jobs, Metric.FILES_INDEXED: 3 * writes, Metric.EMBEDDINGS: 3 * writes}


async def test_usage_adds_up_to_what_was_done(database: Database, database_address: str) -> None:
    stores = in_postgres(database)
    tenant = await stores.tenant()
    await stores.repository(tenant)
    for number in range(KILLS):
        await work_and_die(database_address, tenant, number)
    days = await stores.usage.days(tenant, since=date(2020, 1, 1), until=date(2100, 1, 1))
    counted = {metric: sum(day.amounts.get(metric, 0) for day in days) for metric in (Metric.JOBS, Metric.FILES_INDEXED, Metric.EMBEDDINGS)}
    expected = await done(database, stores, tenant)
    assert counted == expected
    assert expected[Metric.JOBS] >= KILLS
    assert (await stores.quotas.holdings(tenant)).jobs in (0, 1)
