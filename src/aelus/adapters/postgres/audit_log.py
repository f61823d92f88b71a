"""Who did what, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from aelus.adapters.postgres.database import Database
from aelus.adapters.postgres.queries import load
from aelus.adapters.postgres.rows import Row, clean, uuid_of
from aelus.domain.audit import AuditEntry, Outcome
from aelus.domain.tenancy import TenantId


class PostgresAuditLog:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, tenant: TenantId | None, entry: AuditEntry) -> None:
        if tenant is None:
            async with self._database.operator(doing="writing the audit log") as connection:
                await connection.execute(load("audit", "add_operators"), *_values(entry))
        else:
            async with self._database.tenant(tenant, doing="writing the audit log") as connection:
                await connection.execute(load("audit", "add"), tenant, *_values(entry))

    async def read(
        self, tenant: TenantId | None, *, since: datetime, until: datetime, after: UUID | None = None, limit: int = 100
    ) -> Sequence[AuditEntry]:
        if tenant is None:
            async with self._database.operator(doing="reading the audit log") as connection:
                rows = await connection.fetch(load("audit", "read_operators"), since, until, after, limit)
        else:
            async with self._database.tenant(tenant, readonly=True, doing="reading the audit log") as connection:
                rows = await connection.fetch(load("audit", "read"), tenant, since, until, after, limit)
        return [_entry(row) for row in rows]

    async def expire(self, before: datetime) -> int:
        async with self._database.operator(doing="dropping old entries of the audit log") as connection:
            statuses = [await connection.execute(load("audit", name), before) for name in ("expire", "expire_operators")]
        return sum(int(status.rpartition(" ")[2]) for status in statuses)


def _values(entry: AuditEntry) -> tuple[Any, ...]:
    texts = (entry.actor, entry.action, clean(entry.object), entry.origin, entry.outcome.value)
    return entry.at, entry.id, *texts, entry.status, entry.request_id


def _entry(row: Row) -> AuditEntry:
    return AuditEntry(
        id=uuid_of(row["entry_id"]),
        at=row["at"],
        actor=row["actor"],
        action=row["action"],
        object=row["object"],
        origin=row["origin"],
        outcome=Outcome(row["outcome"]),
        status=row["status"],
        request_id=row["request_id"],
    )
