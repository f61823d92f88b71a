"""Quotas and usage in PostgreSQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from aelus.adapters.postgres.database import Connection, Database
from aelus.adapters.postgres.queries import load
from aelus.domain.quotas import DayUsage, Holdings, Metric, Quota, Quotas, UsageEntry
from aelus.domain.tenancy import TenantId


class PostgresQuotaStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, tenant: TenantId) -> Quotas:
        async with self._database.tenant(tenant, readonly=True, doing="reading quotas") as connection:
            row = await connection.fetchrow(load("quotas", "get"), tenant)
        return Quotas() if row is None else Quotas(**{quota.value: row[quota.value] for quota in Quota})

    async def put(self, tenant: TenantId, quotas: Quotas) -> None:
        async with self._database.operator(doing=f"setting quotas of tenant {tenant}") as connection:
            values = (quotas.vectors, quotas.requests_per_second, quotas.storage_gb, quotas.repositories, quotas.jobs)
            await connection.execute(load("quotas", "put"), tenant, *values)

    async def holdings(self, tenant: TenantId) -> Holdings:
        async with self._database.tenant(tenant, readonly=True, doing="reading what a tenant has") as connection:
            return await holdings(connection, tenant)


class PostgresUsageStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, tenant: TenantId, entries: Sequence[UsageEntry]) -> None:
        columns = ([e.day for e in entries], [e.metric.value for e in entries], [e.source for e in entries], [e.amount for e in entries])
        async with self._database.tenant(tenant, doing="writing usage") as connection:
            await connection.execute(load("quotas", "tell"), tenant, *columns)

    async def days(self, tenant: TenantId, *, since: date, until: date) -> Sequence[DayUsage]:
        async with self._database.tenant(tenant, readonly=True, doing="reading usage") as connection:
            rows = await connection.fetch(load("quotas", "days"), tenant, since, until)
        found: dict[date, dict[Metric, int]] = defaultdict(dict)
        for row in rows:
            found[row["day"]][Metric(row["metric"])] = row["amount"]
        return [DayUsage(day=day, amounts=amounts) for day, amounts in found.items()]


async def holdings(connection: Connection, tenant: UUID) -> Holdings:
    """What the tenant has, as this transaction sees it."""
    row = await connection.fetchrow(load("quotas", "tally"), tenant)
    return Holdings() if row is None else Holdings(**dict(row.items()))


async def count_usage(connection: Connection, tenant: UUID, metric: Metric, amount: int) -> None:
    """Count what this transaction does: when it is not committed, neither is that."""
    if amount:
        await connection.execute(load("quotas", "count"), tenant, metric.value, amount)
