from __future__ import annotations

import asyncio
import os
import random
import sys
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from aelus.adapters.mapped_file import MappedRequestTally
from aelus.adapters.memory import MemoryDatabase, MemoryRequestTally, MemoryTenantStore, MemoryUsageStore, SystemClock
from aelus.application.meter_requests import MeterRequests
from aelus.domain.quotas import Metric
from aelus.domain.tenancy import Tenant
from aelus.ports.request_tally import RequestTally

DAY = date(2026, 1, 2)
SOURCE = Path(__file__).parents[2] / "src"
VICTIM = """
import os, sys
from datetime import date
from pathlib import Path
from uuid import UUID
from aelus.adapters.mapped_file import MappedRequestTally
tally, tenant, number = MappedRequestTally(Path(sys.argv[1])), UUID(sys.argv[2]), 0
while True:
    tally.count(tenant, date.today())
    number += 1
    os.write(1, b"%d\\n" % number)
"""


@pytest.fixture(params=["memory", "mapped"])
def tally(request: pytest.FixtureRequest, tmp_path: Path) -> RequestTally:
    return MemoryRequestTally() if request.param == "memory" else MappedRequestTally(tmp_path / "usage")


def amounts(tally: RequestTally) -> dict[tuple[UUID, date], int]:
    found: dict[tuple[UUID, date], int] = {}
    for one in tally.counts():
        found[one.tenant, one.day] = found.get((one.tenant, one.day), 0) + one.amount
    return found


def test_each_tenant_and_day_has_a_count_of_its_own(tally: RequestTally) -> None:
    one, other, next_day = uuid4(), uuid4(), DAY + timedelta(days=1)
    for tenant, day in ((one, DAY), (one, DAY), (other, DAY), (one, next_day)):
        tally.count(tenant, day)
    assert amounts(tally) == {(one, DAY): 2, (other, DAY): 1, (one, next_day): 1}


def test_many_tenants_find_room(tally: RequestTally) -> None:
    tenants = [uuid4() for _ in range(1000)]
    for _ in range(3):
        for tenant in tenants:
            tally.count(tenant, DAY)
    assert amounts(tally) == {(tenant, DAY): 3 for tenant in tenants}


def test_a_day_that_is_over_is_forgotten_when_it_is_told(tally: RequestTally) -> None:
    tenant, next_day = uuid4(), DAY + timedelta(days=1)
    tally.count(tenant, DAY)
    tally.settle(next_day)
    tally.counts()
    tally.settle(next_day)
    tally.count(tenant, next_day)
    assert amounts(tally) == {(tenant, next_day): 1}


def test_what_is_being_counted_is_not_taken_for_left(tmp_path: Path) -> None:
    counting, other, tenant = MappedRequestTally(tmp_path), MappedRequestTally(tmp_path), uuid4()
    counting.count(tenant, DAY)
    assert list(other.counts()) == []
    other.settle(DAY)
    assert amounts(counting) == {(tenant, DAY): 1}


def test_where_no_file_can_be_counts_are_kept_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    tally, tenants = MappedRequestTally(tmp_path / "file" / "usage"), [uuid4() for _ in range(300)]
    for tenant in tenants:
        tally.count(tenant, DAY)
    assert amounts(tally) == {(tenant, DAY): 1 for tenant in tenants}


async def count_and_die(folder: Path, tenant: UUID) -> int:
    """How many it has counted and said so."""
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    command = (sys.executable, "-c", VICTIM, str(folder), str(tenant))
    victim = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
    assert victim.stdout is not None
    await asyncio.wait_for(victim.stdout.readline(), 60)
    await asyncio.sleep(random.uniform(0.05, 0.2))
    victim.kill()
    said = (await victim.stdout.read()).split()
    await victim.wait()
    return int(said[-1] if said else 1)


async def test_killed_processes_take_no_count_along(tmp_path: Path) -> None:
    database, tenant = MemoryDatabase(), Tenant(id=uuid4(), name="one", created_at=SystemClock().now())
    await MemoryTenantStore(database).ensure(tenant)
    said = [await count_and_die(tmp_path, tenant.id) for _ in range(3)]
    usage = MemoryUsageStore(database)
    meter = MeterRequests(usage=usage, tally=MappedRequestTally(tmp_path), clock=SystemClock())
    meter.count(tenant.id)
    for _ in range(3):
        await meter.flush()
    [day] = await usage.days(tenant.id, since=date(2020, 1, 1), until=date(2100, 1, 1))
    # Each may have counted one that it could not say any more.
    assert sum(said) + 1 <= day.amounts[Metric.REQUESTS] <= sum(said) + 1 + len(said)
    assert len(os.listdir(tmp_path)) == 1  # noqa: PTH208 - names are enough
