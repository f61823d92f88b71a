"""What a tenant may have, and what it has."""

from __future__ import annotations

from dataclasses import dataclass

from aelus.application.known_quotas import KnownQuotas
from aelus.domain.quotas import Holdings, Quotas
from aelus.domain.tenancy import TenantId
from aelus.ports.quota_store import QuotaStore


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaState:
    quotas: Quotas | None
    """None where there is no limit."""
    holdings: Holdings


class ReadQuotas:
    def __init__(self, *, known: KnownQuotas, quotas: QuotaStore) -> None:
        self._known = known
        self._quotas = quotas

    async def __call__(self, tenant: TenantId) -> QuotaState:
        return QuotaState(quotas=await self._known(tenant), holdings=await self._quotas.holdings(tenant))
