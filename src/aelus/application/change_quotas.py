"""Set how much a tenant may have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from aelus.application.known_quotas import KnownQuotas
from aelus.domain.quotas import HIGHEST, Quota, Quotas
from aelus.domain.tenancy import TenantId
from aelus.ports.errors import InvalidRequest
from aelus.ports.quota_store import QuotaStore
from aelus.ports.tenant_store import TenantStore


class ChangeQuotas:
    """For operators alone. What a tenant has already stays, when it is more than it may have from now on."""

    def __init__(self, *, quotas: QuotaStore, tenants: TenantStore, known: KnownQuotas) -> None:
        self._quotas = quotas
        self._tenants = tenants
        self._known = known

    async def __call__(self, tenant: TenantId, wanted: Mapping[Quota, int]) -> Quotas:
        """Set those that are named. Raises NotFound, InvalidRequest: one is below 0, or above the highest that there is."""
        for quota, limit in wanted.items():
            if not 0 <= limit <= HIGHEST.of(quota):
                raise InvalidRequest(f"{limit:,} cannot be the quota {str(quota)!r}.", f"Give 0 to {HIGHEST.of(quota):,}.")
        await self._tenants.get(tenant)
        changed = replace(await self._quotas.get(tenant), **{quota.value: limit for quota, limit in wanted.items()})
        await self._quotas.put(tenant, changed)
        self._known.forget(tenant)
        return changed
