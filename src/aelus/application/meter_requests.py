"""Count requests by tenant and day, and tell the total now and then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import Final
from uuid import uuid4

from aelus.domain.quotas import DayUsage, Metric, UsageEntry
from aelus.domain.tenancy import TenantId
from aelus.ports.clock import Clock
from aelus.ports.errors import InvalidRequest, NotFound
from aelus.ports.usage_store import UsageStore

MAX_DAYS: Final = 400
"""Days that are read at once."""


class MeterRequests:
    """One process' count, which it tells as a growing total under a name of its own: told twice it counts once.

    What was counted since the last `flush` is lost with a process that is killed.
    """

    def __init__(self, *, usage: UsageStore, clock: Clock) -> None:
        self._usage = usage
        self._clock = clock
        self._source = uuid4()
        self._counted: Counter[tuple[TenantId, date]] = Counter()
        self._told: Counter[tuple[TenantId, date]] = Counter()

    def count(self, tenant: TenantId) -> None:
        """One request was let in."""
        self._counted[tenant, self._clock.now().date()] += 1

    async def flush(self) -> None:
        """Tell what is new. Raises Unavailable; what was not told is told the next time."""
        for (tenant, day), amount in list(self._counted.items()):
            if amount != self._told[tenant, day]:
                with suppress(NotFound):  # it was purged, and its usage with it
                    await self._usage.put(tenant, [UsageEntry(day=day, metric=Metric.REQUESTS, source=self._source, amount=amount)])
                self._told[tenant, day] = amount
        self._forget_days_before(self._clock.now().date())

    def _forget_days_before(self, today: date) -> None:
        for key in [key for key, told in self._told.items() if key[1] < today and told == self._counted[key]]:
            del self._told[key], self._counted[key]


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
