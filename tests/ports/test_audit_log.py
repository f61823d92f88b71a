from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from aelus.adapters.postgres.database import Database
from aelus.application.audit_trail import BEGINNING, END
from aelus.domain.audit import AuditEntry, Outcome
from aelus.ports.errors import Misconfigured
from stores import Stores, in_postgres

NOW = datetime.now(UTC)


def entry(days_ago: float = 0) -> AuditEntry:
    return AuditEntry(
        id=uuid4(),
        at=NOW - timedelta(days=days_ago),
        actor="user:1",
        action="addRepository",
        object="id=1",
        origin="192.0.2.1",
        outcome=Outcome.DONE,
        status=201,
        request_id="request-1",
    )


async def everything(stores: Stores, tenant: UUID | None) -> list[AuditEntry]:
    return list(await stores.audit.read(tenant, since=BEGINNING, until=END))


async def test_each_tenant_and_the_operators_have_a_log_of_their_own(stores: Stores) -> None:
    tenants = [await stores.tenant(), await stores.tenant(), None]
    entries = [entry() for _ in tenants]
    for tenant, one in zip(tenants, entries, strict=True):
        await stores.audit.add(tenant, one)
    assert [await everything(stores, tenant) for tenant in tenants] == [[one] for one in entries]


async def test_entries_are_read_page_by_page_oldest_first(stores: Stores) -> None:
    tenant = await stores.tenant()
    entries = [entry(days) for days in (3, 1, 2, 2, 0)]
    for one in entries:
        await stores.audit.add(tenant, one)
    expected = sorted(entries, key=lambda one: (one.at, one.id))
    first = await stores.audit.read(tenant, since=BEGINNING, until=END, limit=3)
    second = await stores.audit.read(tenant, since=BEGINNING, until=END, after=first[-1].id, limit=3)
    assert [*first, *second] == expected
    assert await stores.audit.read(tenant, since=NOW - timedelta(days=1), until=NOW) == [entries[1]]


async def test_old_entries_are_dropped_and_young_ones_never(stores: Stores) -> None:
    tenant = await stores.tenant()
    for whose in (tenant, None):
        for days in (400, 29):
            await stores.audit.add(whose, entry(days))
    assert await stores.audit.expire(NOW + timedelta(days=1)) == 2
    assert [len(await everything(stores, whose)) for whose in (tenant, None)] == [1, 1]


@pytest.mark.parametrize(
    "statement", ["update audit set actor = 'nobody'", "delete from audit", "truncate audit", "select * from operator_audit"]
)
async def test_the_application_can_neither_change_nor_remove_an_entry(database: Database, statement: str) -> None:
    stores = in_postgres(database)
    tenant = await stores.tenant()
    await stores.audit.add(tenant, entry(100))
    with pytest.raises(Misconfigured, match="permission denied"):
        async with database.tenant(tenant) as connection:
            await connection.execute(statement)


async def test_operators_cannot_read_what_is_a_tenant_s(database: Database) -> None:
    with pytest.raises(Misconfigured, match="permission denied"):
        async with database.operator() as connection:
            await connection.fetch("select actor from audit")


async def test_a_purged_tenant_takes_its_log_along(database: Database) -> None:
    stores = in_postgres(database)
    tenant = await stores.tenant()
    await stores.audit.add(tenant, entry())
    await stores.tenants.replace(replace(await stores.tenants.get(tenant), deleted_at=NOW))
    await stores.tenants.purge(tenant)
    assert await everything(stores, tenant) == []
