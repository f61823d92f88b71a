"""Groups, and which repositories are open to whom, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from aelus.adapters.postgres.database import Connection, Database
from aelus.adapters.postgres.queries import load
from aelus.adapters.postgres.rows import clean, uuid_of
from aelus.domain.members import Group, GroupId, UserId
from aelus.domain.repository import RepositoryId
from aelus.domain.tenancy import TenantId
from aelus.ports.errors import NotFound


class PostgresGrantStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_group(self, tenant: TenantId, group: Group) -> None:
        async with self._database.tenant(tenant, doing=f"adding group {group.name!r}") as connection:
            await connection.execute(load("members", "add_group"), tenant, group.id, clean(group.name))

    async def groups(self, tenant: TenantId, *, after: str = "", limit: int = 100) -> Sequence[Group]:
        async with self._database.tenant(tenant, readonly=True, doing="listing groups") as connection:
            rows = await connection.fetch(load("members", "list_groups"), tenant, after, limit)
        return [Group(id=uuid_of(row["group_id"]), name=row["name"]) for row in rows]

    async def remove_group(self, tenant: TenantId, group: GroupId) -> None:
        async with self._database.tenant(tenant, doing="removing a group") as connection:
            if await connection.execute(load("members", "remove_group"), tenant, group) == "DELETE 0":
                raise NotFound(f"There is no group {group}.")

    async def members(self, tenant: TenantId, group: GroupId) -> frozenset[UserId]:
        async with self._database.tenant(tenant, readonly=True, doing="reading a group") as connection:
            await _check_group(connection, tenant, group)
            rows = await connection.fetch(load("members", "members"), tenant, group)
        return frozenset(uuid_of(row["user_id"]) for row in rows)

    async def set_members(self, tenant: TenantId, group: GroupId, users: Collection[UserId]) -> None:
        async with self._database.tenant(tenant, doing="changing who is in a group") as connection:
            await _check_group(connection, tenant, group)
            await connection.execute(load("members", "hold_group"), tenant, group)
            await connection.execute(load("members", "clear_members"), tenant, group)
            await connection.execute(load("members", "add_members"), tenant, group, sorted(set(users)))

    async def granted(self, tenant: TenantId, grantee: UserId | GroupId) -> frozenset[RepositoryId]:
        async with self._database.tenant(tenant, readonly=True, doing="reading grants") as connection:
            kind = await _kind(connection, tenant, grantee)
            rows = await connection.fetch(load("members", f"{kind}_granted"), tenant, grantee)
        return frozenset(uuid_of(row["repository_id"]) for row in rows)

    async def grant(self, tenant: TenantId, grantee: UserId | GroupId, repositories: Collection[RepositoryId]) -> None:
        async with self._database.tenant(tenant, doing="granting repositories") as connection:
            kind = await _kind(connection, tenant, grantee)
            await connection.execute(load("members", f"hold_{kind}"), tenant, grantee)
            await connection.execute(load("members", f"clear_{kind}_grants"), tenant, grantee)
            await connection.execute(load("members", f"add_{kind}_grants"), tenant, grantee, sorted(set(repositories)))

    async def open_to(self, tenant: TenantId, user: UserId | None, group_names: Collection[str] = ()) -> frozenset[RepositoryId]:
        async with self._database.tenant(tenant, readonly=True, doing="reading what is open to a member") as connection:
            rows = await connection.fetch(load("members", "open_to"), tenant, user, [clean(name) for name in group_names])
        return frozenset(uuid_of(row["repository_id"]) for row in rows)


async def _kind(connection: Connection, tenant: TenantId, grantee: UserId | GroupId) -> str:
    kind = await connection.fetchval(load("members", "kind_of"), tenant, grantee)
    if kind is None:
        raise NotFound(f"There is no member and no group {grantee}.")
    return str(kind)


async def _check_group(connection: Connection, tenant: TenantId, group: GroupId) -> None:
    if await connection.fetchval(load("members", "kind_of"), tenant, group) != "group":
        raise NotFound(f"There is no group {group}.")
