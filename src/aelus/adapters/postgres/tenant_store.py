"""Tenants in PostgreSQL, through the operators' role."""

from __future__ import annotations

from collections.abc import Sequence

from aelus.adapters.postgres.database import Database
from aelus.adapters.postgres.queries import load
from aelus.adapters.postgres.rows import Row, uuid_of
from aelus.domain.tenancy import Tenant, TenantId
from aelus.ports.errors import Conflict, NotFound, Unavailable


class PostgresTenantStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def ensure(self, tenant: Tenant) -> None:
        async with self._database.operator(doing="adding a tenant") as connection:
            await connection.execute(load("tenants", "ensure"), tenant.id, tenant.name, tenant.created_at)

    async def get(self, tenant: TenantId) -> Tenant:
        async with self._database.operator(doing="reading a tenant") as connection:
            row = await connection.fetchrow(load("tenants", "get"), tenant)
        if row is None:
            raise _missing(tenant)
        return _tenant(row)

    async def list(self) -> Sequence[Tenant]:
        async with self._database.operator(doing="listing tenants") as connection:
            return [_tenant(row) for row in await connection.fetch(load("tenants", "list"))]

    async def replace(self, tenant: Tenant) -> None:
        async with self._database.operator(doing="changing a tenant") as connection:
            status = await connection.execute(load("tenants", "replace"), tenant.id, tenant.name, tenant.deleted_at)
        if status == "UPDATE 0":
            raise _missing(tenant.id)

    async def purge(self, tenant: TenantId) -> None:
        async with self._database.operator(doing="purging a tenant") as operator:
            known = await operator.fetchrow(load("tenants", "hold"), tenant)
            if known is not None and known["deleted_at"] is None:
                raise Conflict(f"Tenant {tenant} is not deleted.", "Delete it first.")
            async with self._database.tenant(tenant, doing="purging a tenant") as connection:
                await connection.execute(load("tenants", "repositories"), tenant)
                await connection.execute(load("tenants", "rows"), tenant)
            await operator.execute(load("tenants", "remove"), tenant)
        if left := await self._left(tenant):
            raise Unavailable(f"Rows of tenant {tenant} are left in {', '.join(left)}.", "Purge it again.")

    async def _left(self, tenant: TenantId) -> Sequence[str]:
        """Tables that hold something of the tenant, of all that there are."""
        async with self._database.tenant(tenant, readonly=True, doing="looking for what is left of a tenant") as connection:
            tables = [row["name"] for row in await connection.fetch(load("tenants", "tables"))]
            return [name for name in tables if await connection.fetchval(load("tenants", "any").replace("{table}", name))]


def _tenant(row: Row) -> Tenant:
    return Tenant(id=uuid_of(row["tenant_id"]), name=row["name"], created_at=row["created_at"], deleted_at=row["deleted_at"])


def _missing(tenant: TenantId) -> NotFound:
    return NotFound(f"There is no tenant {tenant}.")
