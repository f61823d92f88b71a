"""Who owns what: tenants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

TenantId = UUID

LOCAL_TENANT: Final = UUID("00000000-0000-4000-8000-000000000001")
"""The one tenant of a service that one person runs for themselves. It takes the same path through the database as any other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    id: TenantId
    name: str
    created_at: datetime
    deleted_at: datetime | None = None
    """Since when its credentials open nothing. After a while it is purged; until then it can be brought back."""


def living(tenants: Iterable[Tenant]) -> Iterator[Tenant]:
    """Those that are not deleted."""
    return (tenant for tenant in tenants if tenant.deleted_at is None)
