"""The database keeps tenants apart, whatever the code does."""

from __future__ import annotations

import asyncio
from uuid import UUID

import asyncpg
import pytest

from aelus.adapters.postgres.database import Database
from aelus.ports.errors import InvalidRequest, Misconfigured
from index_builder import change, repository, small
from stores import Stores, in_postgres

LEDGER = "schema_migrations"
"""Holds nothing of any tenant, and is open to all."""
OPERATORS_ONLY = {"operators", "signing_keys", "operator_audit"}
"""Belong to no tenant. An entry more is a decision, and a line here."""
UNKEYED = {LEDGER, *OPERATORS_ONLY}


async def tables(database: Database) -> list[str]:
    async with database.connection() as connection:
        rows = await connection.fetch("select tablename from pg_tables where schemaname = 'aelus' order by tablename")
    return [row["tablename"] for row in rows if row["tablename"] not in UNKEYED]


async def two_tenants(stores: Stores) -> tuple[UUID, UUID]:
    """Two tenants with look-alike data."""
    found = []
    for owner in ("one", "two"):
        tenant = await stores.tenant()
        await stores.write(tenant, await stores.repository(tenant), change(small(owner)))
        found.append(tenant)
    return found[0], found[1]


async def test_every_table_is_keyed_by_tenant_and_forces_its_policies(database: Database) -> None:
    async with database.connection() as connection:
        rows = await connection.fetch(
            """
            select c.relname, c.relrowsecurity, c.relforcerowsecurity, a.attname
            from pg_class c join pg_index i on i.indrelid = c.oid and i.indisprimary
            join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
            where c.relnamespace = 'aelus'::regnamespace
            """
        )
    found = {row["relname"]: (row["relrowsecurity"], row["relforcerowsecurity"], row["attname"]) for row in rows}
    assert len(found) > 10
    assert {name: state for name, state in found.items() if name not in UNKEYED} == dict.fromkeys(
        await tables(database), (True, True, "tenant_id")
    )
    assert {found[name][:2] for name in OPERATORS_ONLY} == {(True, True)}


async def test_what_belongs_to_no_tenant_is_closed_to_the_application(database: Database) -> None:
    async with database.connection() as connection:
        for table in OPERATORS_ONLY:
            for right in ("select", "insert", "update", "delete", "truncate", "references", "trigger"):
                assert not await connection.fetchval("select has_table_privilege('aelus_app', $1, $2)", f"aelus.{table}", right)


async def test_the_applications_role_owns_nothing_and_bypasses_nothing(database: Database) -> None:
    async with database.connection() as connection:
        roles = await connection.fetch("select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname like 'aelus\\_%'")
        owners = await connection.fetch("select distinct pg_get_userbyid(relowner) as name from pg_class")
        assert await connection.fetchval("select current_user") == "aelus_app"
    assert [tuple(row) for row in roles] == [(False, False, False)] * 2
    assert not {row["name"] for row in owners} & {"aelus_app", "aelus_operator"}


async def test_without_a_tenant_no_row_of_any_table_is_seen(database: Database) -> None:
    await two_tenants(in_postgres(database))
    async with database.connection() as connection:
        for table in await tables(database):
            assert await connection.fetchval(f"select count(*) from aelus.{table}") == 0, table


async def test_a_tenant_sees_its_own_rows_only(database: Database) -> None:
    tenant, _ = await two_tenants(in_postgres(database))
    for table in await tables(database):
        async with database.tenant(tenant) as connection:
            assert await connection.fetchval(f"select count(*) from aelus.{table} where tenant_id <> $1", tenant) == 0, table


async def test_a_tenant_cannot_write_for_another_one(database: Database) -> None:
    tenant, other = await two_tenants(in_postgres(database))
    one = repository("planted")
    with pytest.raises(Misconfigured, match="row-level security"):
        async with database.tenant(tenant) as connection:
            await connection.execute(
                "insert into repositories (tenant_id, repository_id, name, location, branch, kind, created_at) "
                "values ($1, $2, 'planted', '', '', 'library', now())",
                other,
                one.id,
            )
    async with database.tenant(tenant) as connection:
        assert await connection.execute("update repositories set name = 'x' where tenant_id = $1", other) == "UPDATE 0"
        assert await connection.execute("delete from nodes where tenant_id = $1", other) == "DELETE 0"


async def test_the_tenant_ends_with_its_transaction_however_it_ends(database_address: str) -> None:
    async with await Database.open(database_address, size=1) as database:
        tenant, _ = await two_tenants(in_postgres(database))
        async with database.tenant(tenant) as connection:
            assert await connection.fetchval("select count(*) from repositories") == 1
        with pytest.raises(ZeroDivisionError):
            async with database.tenant(tenant):
                raise ZeroDivisionError
        task = asyncio.create_task(sleep_in(database, tenant))
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with database.connection() as connection:
            assert await connection.fetchval("select aelus.current_tenant()") is None
            assert await connection.fetchval("select count(*) from repositories") == 0


async def sleep_in(database: Database, tenant: UUID) -> None:
    async with database.tenant(tenant) as connection:
        await connection.execute("select pg_sleep(30)")


async def test_the_application_cannot_switch_row_level_security_off(database: Database) -> None:
    tenant, _ = await two_tenants(in_postgres(database))
    with pytest.raises(Misconfigured, match="owner"):
        async with database.tenant(tenant) as connection:
            await connection.execute("alter table aelus.nodes disable row level security")
    with pytest.raises(Misconfigured, match="row-level security"):  # noqa: PT012 - the same
        async with database.tenant(tenant) as connection:
            await connection.execute("set local row_security = off")
            await connection.fetch("select * from nodes")


async def test_a_reader_sees_the_old_index_until_the_write_is_done(database: Database, database_address: str) -> None:
    stores = in_postgres(database)
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    await stores.write(tenant, shop, change(small()))
    async with database.tenant(tenant, readonly=True) as reader:
        before = await reader.fetchval("select count(*) from nodes")
        await stores.write(tenant, shop, change([], ["cart.py", "prices.py"]))
        assert await reader.fetchval("select count(*) from nodes") == before
    connection = await asyncpg.connect(database_address, passfile="/dev/null")
    assert await connection.fetchval("select count(*) from aelus.nodes") == 1
    await connection.close()


async def test_a_value_that_the_database_cannot_take_is_the_fault_of_whoever_gave_it(database: Database) -> None:
    stores = in_postgres(database)
    with pytest.raises(InvalidRequest):
        await stores.users.list(await stores.tenant(), after="\0")
