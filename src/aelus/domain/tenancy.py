"""Who owns what: tenants."""

from __future__ import annotations

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
