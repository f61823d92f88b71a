"""Write down who did what, and read it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from aelus.domain.audit import AuditEntry, Outcome
from aelus.domain.origin import request_id
from aelus.domain.tenancy import TenantId
from aelus.ports.audit_log import AuditLog
from aelus.ports.clock import Clock

PAGE: Final = 500
BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
END: Final = datetime(9999, 1, 1, tzinfo=UTC)


class AuditTrail:
    """Args: retention_days: how long entries are kept."""

    def __init__(self, *, log: AuditLog, clock: Clock, retention_days: float) -> None:
        self._log = log
        self._clock = clock
        self._retention = timedelta(days=retention_days)

    async def record(
        self, tenant: TenantId | None, *, actor: str, action: str, subject: str, origin: str = "", outcome: Outcome, status: int = 0
    ) -> None:
        """Write one entry, to the operators' log where there is no tenant. Raises Unavailable."""
        entry = AuditEntry(
            id=uuid4(),
            at=self._clock.now(),
            actor=actor,
            action=action,
            object=subject[:500],
            origin=origin,
            outcome=outcome,
            status=status,
            request_id=request_id(),
        )
        await self._log.add(tenant, entry)

    async def page(
        self,
        tenant: TenantId | None,
        *,
        since: datetime = BEGINNING,
        until: datetime = END,
        after: UUID | None = None,
        limit: int,
    ) -> Sequence[AuditEntry]:
        return await self._log.read(tenant, since=since, until=until, after=after, limit=limit)

    async def everything(self, tenant: TenantId | None, *, since: datetime = BEGINNING, until: datetime = END) -> AsyncIterator[AuditEntry]:
        """Oldest first."""
        after: UUID | None = None
        while page := await self._log.read(tenant, since=since, until=until, after=after, limit=PAGE):
            for entry in page:
                yield entry
            after = page[-1].id

    async def expire(self) -> int:
        """Drop what is older than it is kept; returns how many. Raises Unavailable."""
        return await self._log.expire(self._clock.now() - self._retention)
