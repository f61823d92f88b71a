"""Where it is written who did what. Nothing of it is changed; what is old is dropped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from aelus.domain.audit import AuditEntry
from aelus.domain.tenancy import TenantId

LEAST_DAYS: Final = 30
"""What is younger is not dropped, whoever asks for it."""


class AuditLog(Protocol):
    """Each tenant has a log of its own, and operators have one: `tenant` is None for that."""

    async def add(self, tenant: TenantId | None, entry: AuditEntry) -> None: ...

    async def read(
        self, tenant: TenantId | None, *, since: datetime, until: datetime, after: UUID | None = None, limit: int = 100
    ) -> Sequence[AuditEntry]:
        """Oldest first, from the one behind `after`. Entries of the same moment are in the order of their ids."""
        ...

    async def expire(self, before: datetime) -> int:
        """Drop entries of everybody that are older, and older than `LEAST_DAYS`; returns how many. For operators."""
        ...
