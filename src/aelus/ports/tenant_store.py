"""Tenants. This is the operators' port: no tenant's request reaches it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from aelus.domain.tenancy import Tenant, TenantId


class TenantStore(Protocol):
    async def ensure(self, tenant: Tenant) -> None:
        """Add the tenant unless its id is known."""
        ...

    async def get(self, tenant: TenantId) -> Tenant:
        """Raises NotFound."""
        ...

    async def list(self) -> Sequence[Tenant]: ...
