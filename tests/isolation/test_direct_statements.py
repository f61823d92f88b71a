"""The application's role at the database itself, with every statement that a hole in the application could let through."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import asyncpg
import pytest

from aelus.domain.tenancy import TenantView
from isolation_world import Tally, World, owners

ROLE = "set role aelus_app"
OPERATOR = "set role aelus_operator"
SEEN_BY_OPERATORS = {"tenants", "repositories", "api_keys", "quotas", "tallies", "usage", "audit"}
"""In which operators see something: which tenants there are, whose a repository or key is, how much they use, when something was done."""
LEDGER = "schema_migrations"


async def tables(connection: asyncpg.Connection) -> Sequence[str]:
    rows = await connection.fetch(
        "select relname from pg_class where relnamespace = 'aelus'::regnamespace and relkind in ('r', 'p', 'v', 'm') order by relname"
    )
    return [row["relname"] for row in rows if row["relname"] != LEDGER]


async def keyed(connection: asyncpg.Connection) -> Sequence[str]:
    rows = await connection.fetch(
        "select relname from pg_class join pg_attribute on attrelid = pg_class.oid and attname = 'tenant_id' and not attisdropped "
        "where relnamespace = 'aelus'::regnamespace and relkind in ('r', 'p') order by relname"
    )
    return [row["relname"] for row in rows]


@pytest.fixture
async def connection(world: World) -> AsyncIterator[asyncpg.Connection]:
    opened = await owners(world)
    yield opened
    await opened.close()


async def attempt(connection: asyncpg.Connection, statement: str, *values: object, role: str = ROLE, tenant: object = "") -> object:
    """What a statement does in a transaction of the role and the tenant, which is undone: rows it touched, or the error."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(role)
        if tenant:
            await connection.execute(f"set local aelus.tenant_id = '{tenant}'")
        status = await connection.execute(statement, *values)
        return int(status.rpartition(" ")[2])
    except asyncpg.PostgresError as error:
        return error
    finally:
        await transaction.rollback()
        await connection.execute("reset role")


async def test_every_table_is_closed_to_another_tenant(world: World, connection: asyncpg.Connection) -> None:
    tally, mine, theirs = Tally("direct statements"), world.mine.team.id, world.theirs.team.id
    for table in await keyed(connection):
        there = f"from aelus.{table} where tenant_id = '{theirs}'"
        refused = (0, asyncpg.InsufficientPrivilegeError)
        for name, statement in {
            "read": f"select {there}",
            "read all but one's own": f"select from aelus.{table} where tenant_id <> '{mine}'",
            "delete": f"delete {there}",
            "change": f"update aelus.{table} set tenant_id = tenant_id where tenant_id = '{theirs}'",
            "take": f"update aelus.{table} set tenant_id = '{mine}' where tenant_id = '{theirs}'",
            "lock": f"select {there} for update",
        }.items():
            outcome = await attempt(connection, statement, tenant=mine)
            tally.check(outcome == refused[0] or isinstance(outcome, refused[1]), f"{name} {table}: {outcome!r}")
        for name, statement in {
            "copy to": f"insert into aelus.{table} select * from (select * from aelus.{table} where tenant_id = '{mine}' limit 1) as own",
            "give": f"update aelus.{table} set tenant_id = '{theirs}' where tenant_id = '{mine}'",
        }.items():
            outcome = await attempt(connection, statement, tenant=theirs if name == "copy to" else mine)
            held = outcome == 0 or isinstance(outcome, (asyncpg.InsufficientPrivilegeError, asyncpg.IntegrityConstraintViolationError))
            tally.check(held, f"{name} {table}: {outcome!r}")
        for name, statement in {
            "truncate": f"truncate aelus.{table}",
            "unlock": f"alter table aelus.{table} disable row level security",
        }.items():
            outcome = await attempt(connection, statement, tenant=mine)
            tally.check(isinstance(outcome, asyncpg.InsufficientPrivilegeError), f"{name} {table}: {outcome!r}")
        outcome = await attempt(connection, f"select from aelus.{table}")
        tally.check(outcome == 0, f"read {table} without a tenant: {outcome!r}")
        if table not in SEEN_BY_OPERATORS:
            outcome = await attempt(connection, f"select from aelus.{table}", role=OPERATOR)
            tally.check(isinstance(outcome, asyncpg.InsufficientPrivilegeError) or outcome == 0, f"operators read {table}: {outcome!r}")
    tally.close()


async def test_the_tables_hold_something_to_steal(world: World, connection: asyncpg.Connection) -> None:
    """Otherwise the attempts above would prove nothing. An entry of `empty` is a table that this world does not fill."""
    empty = {"deliveries", "pushed_files", "pushes", "revoked_tokens", "shards"}
    for table in await keyed(connection):
        count = await connection.fetchval(f"select count(*) from aelus.{table} where tenant_id = $1", world.theirs.team.id)
        assert count or table in empty, table


async def test_every_table_is_keyed_or_closed(connection: asyncpg.Connection) -> None:
    """A new table without row level security, or without a tenant and open to the application, does not pass."""
    known = set(await keyed(connection))
    for table in await tables(connection):
        secure, forced = await connection.fetchrow(  # type: ignore[misc] # there is one
            "select relrowsecurity, relforcerowsecurity from pg_class where oid = $1::regclass", f"aelus.{table}"
        )
        assert (secure, forced) == (True, True), table
        if table not in known:
            assert isinstance(await attempt(connection, f"select from aelus.{table}"), asyncpg.InsufficientPrivilegeError), table


async def test_functions_of_the_schema_cannot_be_turned(connection: asyncpg.Connection) -> None:
    """Those that run with their owner's rights have a search path of their own, and are open to no one but the application."""
    rows = await connection.fetch(
        "select proname, proconfig, exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) where grantee = 0) as open "
        "from pg_proc where pronamespace = 'aelus'::regnamespace and prosecdef"
    )
    assert rows
    for row in rows:
        assert any(setting.startswith("search_path=") for setting in row["proconfig"] or ()), row["proname"]
        assert not row["open"], row["proname"]


async def test_a_view_of_a_tenant_is_cut_in_every_table_with_repositories(world: World, connection: asyncpg.Connection) -> None:
    rows = await connection.fetch(
        "select relname, exists ("
        "select from pg_policy where polrelid = pg_class.oid and polname = 'visible_rows' and not polpermissive) as cut "
        "from pg_class join pg_attribute on attrelid = pg_class.oid and attname = 'repository_id' "
        "where relnamespace = 'aelus'::regnamespace and relkind = 'r' order by relname"
    )
    assert {row["relname"] for row in rows if not row["cut"]} == {"user_grants", "group_grants"}
    view = TenantView(world.mine.team.id, [])
    for table in (row["relname"] for row in rows if row["cut"]):
        await connection.execute(f"begin; {ROLE}; set local aelus.tenant_id = '{view}'; set local aelus.repositories = '{{}}'")
        count = await connection.fetchval(f"select count(*) from aelus.{table}")
        await connection.execute("rollback; reset role")
        assert count == 0, table
