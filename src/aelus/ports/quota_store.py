"""Quotas of tenants, and what they have of each."""

from __future__ import annotations

from typing import Protocol

from aelus.domain.quotas import Holdings, Quotas
from aelus.domain.tenancy import TenantId


class QuotaStore(Protocol):
    """What a tenant has is kept beside its rows, in the same transactions: `RepositoryStore`, `JobStore` and `IndexStore` hold to it."""

    async def get(self, tenant: TenantId) -> Quotas:
        """Those that were set, or those of a new tenant."""
        ...

    async def put(self, tenant: TenantId, quotas: Quotas) -> None:
        """For operators. Raises NotFound: there is no such tenant."""
        ...

    async def holdings(self, tenant: TenantId) -> Holdings: ...
