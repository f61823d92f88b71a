"""Tenants in memory."""

from __future__ import annotations

from collections.abc import Sequence

from aelus.adapters.memory.state import MemoryDatabase
from aelus.domain.tenancy import Tenant, TenantId
from aelus.ports.errors import Conflict, NotFound


class MemoryTenantStore:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def ensure(self, tenant: Tenant) -> None:
        self._database.tenants.setdefault(tenant.id, tenant)

    async def get(self, tenant: TenantId) -> Tenant:
        found = self._database.tenants.get(tenant)
        if found is None:
            raise NotFound(f"There is no tenant {tenant}.")
        return found

    async def list(self) -> Sequence[Tenant]:
        return sorted(self._database.tenants.values(), key=lambda tenant: (tenant.created_at, tenant.id))

    async def replace(self, tenant: Tenant) -> None:
        await self.get(tenant.id)
        self._database.tenants[tenant.id] = tenant

    async def purge(self, tenant: TenantId) -> None:
        known = self._database.tenants.get(tenant)
        if known is not None and known.deleted_at is None:
            raise Conflict(f"Tenant {tenant} is not deleted.", "Delete it first.")
        self._database.forget(tenant)
