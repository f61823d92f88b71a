"""Where requests are counted before they are told to the usage store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from aelus.domain.tenancy import TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCount:
    """So many requests of a tenant on a day, as one source has counted them. A source's count grows, and is never another one's."""

    source: UUID
    tenant: TenantId
    day: date
    amount: int


class RequestTally(Protocol):
    def count(self, tenant: TenantId, day: date) -> None:
        """One more. Costs next to nothing: every request waits for it."""
        ...

    def counts(self) -> Sequence[RequestCount]:
        """All of this process, and what processes have left that have ended."""
        ...

    def settle(self, today: date) -> None:
        """What `counts` has given out is told: forget what will not grow any more."""
        ...
