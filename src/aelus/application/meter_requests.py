"""Count requests by tenant and day, and tell the total now and then."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import Final
from uuid import UUID

from aelus.domain.quotas import DayUsage, Metric, UsageEntry
from aelus.domain.tenancy import TenantId
from aelus.ports.clock import Clock
from aelus.ports.errors import InvalidRequest, NotFound
from aelus.ports.request_tally import RequestTally
from aelus.ports.usage_store import UsageStore

MAX_DAYS: Final = 400
"""Days that are read at once."""


class MeterRequests:
    """Counts, and tells the usage store growing totals, each under the name of who has counted: told twice, one counts once."""

    def __init__(self, *, usage: UsageStore, tally: RequestTally, clock: Clock) -> None:
        self._usage = usage
        self._tally = tally
        self._clock = clock
        self._told: dict[tuple[UUID, TenantId, date], int] = {}

    def count(self, tenant: TenantId) -> None:
        """One request was let in."""
        self._tally.count(tenant, self._clock.now().date())

    async def flush(self) -> None:
        """Tell what is new, of this process and of those that have ended. Raises Unavailable; what was not told is told the next time."""
        told: dict[tuple[UUID, TenantId, date], int] = {}
        today = self._clock.now().date()
        for one in self._tally.counts():
            key = (one.source, one.tenant, one.day)
            if self._told.get(key) != one.amount:
                entry = UsageEntry(day=one.day, metric=Metric.REQUESTS, source=one.source, amount=one.amount)
                with suppress(NotFound):  # it was purged, and its usage with it
                    await self._usage.put(one.tenant, [entry])
            told[key] = one.amount
        self._told = told
        self._tally.settle(today)


class ReadUsage:
    def __init__(self, *, usage: UsageStore, meter: MeterRequests) -> None:
        self._usage = usage
        self._meter = meter

    async def __call__(self, tenant: TenantId, *, since: date, until: date) -> Sequence[DayUsage]:
        """Sums by day. Raises InvalidRequest: the time is too long, or ends before it begins."""
        if not 0 <= (until - since).days < MAX_DAYS:
            raise InvalidRequest(f"Usage is shown for 1 to {MAX_DAYS} days.", "Give `since` and `until`, in this order.")
        await self._meter.flush()
        return await self._usage.days(tenant, since=since, until=until)
