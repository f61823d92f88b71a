"""Quotas and usage in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from aelus.adapters.memory.state import MemoryDatabase
from aelus.domain.quotas import DayUsage, Holdings, Metric, Quotas, UsageEntry
from aelus.domain.tenancy import TenantId, whole
from aelus.ports.errors import NotFound


class MemoryQuotaStore:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def get(self, tenant: TenantId) -> Quotas:
        return self._database.of(whole(tenant)).quotas

    async def put(self, tenant: TenantId, quotas: Quotas) -> None:
        if tenant not in self._database.tenants:
            raise NotFound(f"There is no tenant {tenant}.")
        self._database.of(tenant).quotas = quotas

    async def holdings(self, tenant: TenantId) -> Holdings:
        return self._database.of(whole(tenant)).holdings()


class MemoryUsageStore:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def put(self, tenant: TenantId, entries: Sequence[UsageEntry]) -> None:
        if tenant not in self._database.tenants:
            raise NotFound(f"There is no tenant {tenant}.")
        usage = self._database.of(tenant).usage
        for one in entries:
            key = one.day, one.metric, one.source
            usage[key] = max(one.amount, usage.get(key, 0))

    async def days(self, tenant: TenantId, *, since: date, until: date) -> Sequence[DayUsage]:
        sums: dict[date, dict[Metric, int]] = defaultdict(lambda: defaultdict(int))
        for (day, metric, _), amount in self._database.of(tenant).usage.items():
            if since <= day <= until:
                sums[day][metric] += amount
        return [DayUsage(day=day, amounts=dict(sums[day])) for day in sorted(sums)]
