"""Keeping what would be found out again."""

from __future__ import annotations

from typing import Protocol

from aelus.domain.tenancy import TenantId


class Cache(Protocol):
    """Forgets whenever it likes, and fails nobody who asks or gives: one that is away answers with nothing and keeps nothing.

    A key names everything that its value depends on, so that nothing in it ever grows stale.
    """

    async def get(self, tenant: TenantId, key: str) -> bytes | None: ...

    async def put(self, tenant: TenantId, key: str, value: bytes, *, ttl_s: float) -> None:
        """Keep `value` for at most `ttl_s` seconds. Another tenant's equal key is another key."""
        ...

    async def forget(self, tenant: TenantId) -> None:
        """Let go of everything that is kept for a tenant. Raises Unavailable: some of it may be left."""
        ...
