"""Members of tenants in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence

from aelus.adapters.postgres.database import Connection, Database
from aelus.adapters.postgres.queries import load
from aelus.adapters.postgres.rows import Row, clean, uuid_of
from aelus.domain.identity import Role
from aelus.domain.members import User, UserId
from aelus.domain.tenancy import TenantId
from aelus.ports.errors import Conflict, NotFound


class PostgresUserStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, tenant: TenantId, user: User) -> None:
        async with self._database.tenant(tenant, doing=f"adding member {user.name!r}") as connection:
            await connection.execute(load("members", "add_user"), tenant, user.id, *_values(user), user.created_at)

    async def get(self, tenant: TenantId, user: UserId) -> User:
        async with self._database.tenant(tenant, readonly=True, doing="reading a member") as connection:
            row = await connection.fetchrow(load("members", "get_user"), tenant, user)
        if row is None:
            raise _missing(user)
        return _user(row)

    async def find_external(self, tenant: TenantId, external: str) -> User | None:
        async with self._database.tenant(tenant, readonly=True, doing="finding a member") as connection:
            row = await connection.fetchrow(load("members", "find_external"), tenant, clean(external))
        return _user(row) if row else None

    async def list(self, tenant: TenantId, *, after: str = "", limit: int = 100) -> Sequence[User]:
        async with self._database.tenant(tenant, readonly=True, doing="listing members") as connection:
            return [_user(row) for row in await connection.fetch(load("members", "list_users"), tenant, after, limit)]

    async def replace(self, tenant: TenantId, user: User) -> None:
        async with self._database.tenant(tenant, doing=f"changing member {user.name!r}") as connection:
            if user.role is not Role.OWNER:
                await _keep_an_owner(connection, tenant, user.id)
            status = await connection.execute(load("members", "replace_user"), tenant, user.id, *_values(user))
            if status == "UPDATE 0":
                raise _missing(user.id)

    async def remove(self, tenant: TenantId, user: UserId) -> None:
        async with self._database.tenant(tenant, doing="removing a member") as connection:
            await _keep_an_owner(connection, tenant, user)
            if await connection.execute(load("members", "remove_user"), tenant, user) == "DELETE 0":
                raise _missing(user)


async def _keep_an_owner(connection: Connection, tenant: TenantId, leaving: UserId) -> None:
    owners = [uuid_of(row["user_id"]) for row in await connection.fetch(load("members", "owners"), tenant)]
    if owners == [leaving]:
        raise Conflict("This is the last owner of the tenant.", "Make somebody else an owner first.")


def _values(user: User) -> tuple[object, ...]:
    return clean(user.name), user.role.value, user.all_repositories, clean(user.external) or None


def _user(row: Row) -> User:
    return User(
        id=uuid_of(row["user_id"]),
        name=row["name"],
        role=Role(row["role"]),
        created_at=row["created_at"],
        all_repositories=row["all_repositories"],
        external=row["external"] or "",
    )


def _missing(user: UserId) -> NotFound:
    return NotFound(f"There is no member {user}.")
