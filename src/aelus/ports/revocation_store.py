"""Access tokens that are refused before they expire."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from aelus.domain.tenancy import TenantId


class RevocationStore(Protocol):
    async def revoke(self, tenant: TenantId, token_id: str, *, expires_at: datetime, now: datetime) -> None:
        """Remember it until it expires; those that have expired are forgotten. Raises NotFound: there is no such tenant."""
        ...

    async def is_revoked(self, tenant: TenantId, token_id: str) -> bool: ...
