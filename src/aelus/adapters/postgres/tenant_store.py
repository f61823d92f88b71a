"""Tenants in PostgreSQL, through the operators' role."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from aelus.adapters.postgres.database import Database
from aelus.adapters.postgres.queries import load
from aelus.adapters.postgres.rows import Row
from aelus.domain.tenancy import Tenant, TenantId
from aelus.ports.errors import NotFound


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
            raise NotFound(f"There is no tenant {tenant}.")
        return _tenant(row)

    async def list(self) -> Sequence[Tenant]:
        async with self._database.operator(doing="listing tenants") as connection:
            return [_tenant(row) for row in await connection.fetch(load("tenants", "list"))]


def _tenant(row: Row) -> Tenant:
    return Tenant(id=UUID(bytes=row["tenant_id"].bytes), name=row["name"], created_at=row["created_at"])
