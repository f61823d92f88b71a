"""What tenants have used, by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from aelus.domain.quotas import DayUsage, UsageEntry
from aelus.domain.tenancy import TenantId


class UsageStore(Protocol):
    """Jobs, files, chunks and embeddings are counted by the stores that keep them, in the transaction that does so."""

    async def put(self, tenant: TenantId, entries: Sequence[UsageEntry]) -> None:
        """Write amounts in place of those that the same sources told before; a smaller one is older, and changes nothing.

        Raises NotFound: there is no such tenant.
        """
        ...

    async def days(self, tenant: TenantId, *, since: date, until: date) -> Sequence[DayUsage]:
        """Sums of each day from the first to the last that have any, in order."""
        ...
