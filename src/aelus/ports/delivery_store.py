"""Which announcements of pushes have come already."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from aelus.domain.repository import RepositoryId
from aelus.domain.tenancy import TenantId

KEPT_DAYS = 30
"""A delivery is remembered for this long."""


class DeliveryStore(Protocol):
    async def knows(self, tenant: TenantId, repository: RepositoryId, delivery: str) -> bool:
        """Whether a delivery was remembered."""
        ...

    async def remember(self, tenant: TenantId, repository: RepositoryId, delivery: str, *, at: datetime) -> None:
        """Remember a delivery, as of the first time. Those that came more than `KEPT_DAYS` before `at` are forgotten.

        Raises NotFound: there is no such repository.
        """
        ...
