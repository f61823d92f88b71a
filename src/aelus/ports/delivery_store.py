"""Which announcements of pushes have come already."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from aelus.domain.repository import RepositoryId
from aelus.domain.tenancy import TenantId

KEPT_DAYS = 30
"""A delivery is remembered for this long."""


class DeliveryStore(Protocol):
    async def is_new(self, tenant: TenantId, repository: RepositoryId, delivery: str, *, at: datetime) -> bool:
        """Remember a delivery; false when it was remembered before. Of several callers at once, one is told true.

        Raises NotFound: there is no such repository.
        """
        ...
