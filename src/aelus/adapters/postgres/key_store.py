"""Keys of tenants and of operators in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from aelus.adapters.postgres.database import Database
from aelus.adapters.postgres.queries import load
from aelus.adapters.postgres.rows import Row, uuid_of
from aelus.domain.credentials import ApiKey, KeyId, Lifetime, OperatorKey, StoredKey
from aelus.domain.identity import Role, Scope
from aelus.domain.tenancy import TenantId
from aelus.ports.errors import NotFound


class PostgresKeyStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, tenant: TenantId, key: ApiKey, digest: bytes) -> None:
        scopes, life = sorted(scope.value for scope in key.scopes), key.lifetime
        values = (key.role.value, scopes, key.user_id, life.created_at, life.expires_at, life.revoked_at)
        async with self._database.tenant(tenant, doing="adding a key") as connection:
            await connection.execute(load("keys", "add"), tenant, key.id, key.name, key.prefix, digest, *values)

    async def get(self, tenant: TenantId, key: KeyId) -> ApiKey:
        async with self._database.tenant(tenant, readonly=True, doing="reading a key") as connection:
            row = await connection.fetchrow(load("keys", "get"), tenant, key)
        if row is None:
            raise _missing(key)
        return _key(row)

    async def list(self, tenant: TenantId, *, after: KeyId | None = None, limit: int = 100) -> Sequence[ApiKey]:
        async with self._database.tenant(tenant, readonly=True, doing="listing keys") as connection:
            return [_key(row) for row in await connection.fetch(load("keys", "list"), tenant, after, limit)]

    async def replace(self, tenant: TenantId, key: ApiKey, digest: bytes | None = None) -> None:
        values = (key.name, key.prefix, key.lifetime.expires_at, key.lifetime.revoked_at, digest)
        async with self._database.tenant(tenant, doing="changing a key") as connection:
            status = await connection.execute(load("keys", "replace"), tenant, key.id, *values)
        if status == "UPDATE 0":
            raise _missing(key.id)

    async def find(self, prefix: str) -> StoredKey | None:
        async with self._database.operator(doing="finding a key") as connection:
            row = await connection.fetchrow(load("keys", "find"), prefix)
        return StoredKey(tenant=uuid_of(row["tenant_id"]), key=_key(row), digest=row["digest"]) if row else None


class PostgresOperatorStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, key: OperatorKey, digest: bytes) -> None:
        life = key.lifetime
        async with self._database.operator(doing="adding an operator") as connection:
            await connection.execute(
                load("keys", "add_operator"), key.id, key.name, key.prefix, digest, life.created_at, life.expires_at, life.revoked_at
            )

    async def find(self, prefix: str) -> tuple[OperatorKey, bytes] | None:
        async with self._database.operator(doing="finding an operator") as connection:
            row = await connection.fetchrow(load("keys", "find_operator"), prefix)
        return (_operator(row), row["digest"]) if row else None

    async def list(self) -> Sequence[OperatorKey]:
        async with self._database.operator(doing="listing operators") as connection:
            return [_operator(row) for row in await connection.fetch(load("keys", "list_operators"))]

    async def replace(self, key: OperatorKey) -> None:
        async with self._database.operator(doing="changing an operator") as connection:
            status = await connection.execute(
                load("keys", "replace_operator"), key.id, key.name, key.lifetime.expires_at, key.lifetime.revoked_at
            )
        if status == "UPDATE 0":
            raise _missing(key.id)

    async def get(self, key: KeyId) -> OperatorKey:
        async with self._database.operator(doing="reading an operator") as connection:
            row = await connection.fetchrow(load("keys", "get_operator"), key)
        if row is None:
            raise _missing(key)
        return _operator(row)


def _key(row: Row) -> ApiKey:
    return ApiKey(
        id=uuid_of(row["key_id"]),
        name=row["name"],
        prefix=row["prefix"],
        role=Role(row["role"]),
        scopes=frozenset(Scope(scope) for scope in row["scopes"]),
        lifetime=_lifetime(row),
        user_id=uuid_of(row["user_id"]) if row["user_id"] else None,
    )


def _operator(row: Row) -> OperatorKey:
    return OperatorKey(id=uuid_of(row["operator_id"]), name=row["name"], prefix=row["prefix"], lifetime=_lifetime(row))


def _lifetime(row: Row) -> Lifetime:
    return Lifetime(created_at=row["created_at"], expires_at=row["expires_at"], revoked_at=row["revoked_at"])


def _missing(key: UUID) -> NotFound:
    return NotFound(f"There is no key {key}.")
