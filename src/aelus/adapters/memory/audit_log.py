"""Who did what, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from aelus.adapters.memory.state import MemoryDatabase
from aelus.domain.audit import AuditEntry
from aelus.domain.tenancy import TenantId
from aelus.ports.audit_log import LEAST_DAYS


class MemoryAuditLog:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def add(self, tenant: TenantId | None, entry: AuditEntry) -> None:
        self._of(tenant).append(entry)

    async def read(
        self, tenant: TenantId | None, *, since: datetime, until: datetime, after: UUID | None = None, limit: int = 100
    ) -> Sequence[AuditEntry]:
        found = sorted((one for one in self._of(tenant) if since <= one.at < until), key=lambda one: (one.at, one.id))
        start = next((place + 1 for place, one in enumerate(found) if one.id == after), 0)
        return found[start : start + limit]

    async def expire(self, before: datetime) -> int:
        before = min(before, datetime.now(UTC) - timedelta(days=LEAST_DAYS))
        logs = [self._of(tenant) for tenant in (None, *self._database.tenants)]
        dropped = sum(one.at < before for log in logs for one in log)
        for log in logs:
            log[:] = [one for one in log if one.at >= before]
        return dropped

    def _of(self, tenant: TenantId | None) -> list[AuditEntry]:
        return self._database.audit if tenant is None else self._database.of(tenant).audit
