"""The quotas that hold for a tenant, remembered for a moment: every request asks for them."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Final

from aelus.domain.quotas import Quotas
from aelus.domain.tenancy import LOCAL_TENANT, TenantId
from aelus.ports.quota_store import QuotaStore

REMEMBERED_S: Final = 5.0
"""For so long a change by another process may go unnoticed."""
MAX_REMEMBERED: Final = 10_000


class KnownQuotas:
    def __init__(self, *, quotas: QuotaStore, remembered_s: float = REMEMBERED_S) -> None:
        self._quotas = quotas
        self._remembered_s = remembered_s
        self._known: OrderedDict[TenantId, tuple[float, Quotas]] = OrderedDict()

    async def __call__(self, tenant: TenantId) -> Quotas | None:
        """None for the local tenant, whose machine is all the limit that it has."""
        if tenant == LOCAL_TENANT:
            return None
        until, quotas = self._known.get(tenant, (0.0, None))
        if quotas is None or until < time.monotonic():
            quotas = await self._quotas.get(tenant)
            self._known[tenant] = time.monotonic() + self._remembered_s, quotas
            self._known.move_to_end(tenant)
            if len(self._known) > MAX_REMEMBERED:
                self._known.popitem(last=False)
        return quotas

    def forget(self, tenant: TenantId) -> None:
        """Ask again: they have changed."""
        self._known.pop(tenant, None)
