"""Tenants, for operators; and each its own."""

from __future__ import annotations

from collections.abc import Sequence

from aelus.domain.tenancy import Tenant, TenantId
from aelus.ports.tenant_store import TenantStore


class ReadTenants:
    def __init__(self, *, tenants: TenantStore) -> None:
        self._tenants = tenants

    async def __call__(self) -> Sequence[Tenant]:
        """All, oldest first; deleted ones too, until they are purged."""
        return await self._tenants.list()

    async def one(self, tenant: TenantId) -> Tenant:
        """Raises NotFound."""
        return await self._tenants.get(tenant)
