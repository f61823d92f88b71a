"""Requests counted in memory: a count ends with its process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from uuid import uuid4

from aelus.domain.tenancy import TenantId
from aelus.ports.request_tally import RequestCount


class MemoryRequestTally:
    def __init__(self) -> None:
        self._source = uuid4()
        self._counted: Counter[tuple[TenantId, date]] = Counter()

    def count(self, tenant: TenantId, day: date) -> None:
        self._counted[tenant, day] += 1

    def counts(self) -> Sequence[RequestCount]:
        return [RequestCount(source=self._source, tenant=tenant, day=day, amount=amount) for (tenant, day), amount in self._counted.items()]

    def settle(self, today: date) -> None:
        self._counted = Counter({key: amount for key, amount in self._counted.items() if key[1] >= today})
