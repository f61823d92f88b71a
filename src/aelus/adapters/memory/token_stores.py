"""Signing keys and refused tokens in memory, and nobody outside who is believed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from aelus.adapters.memory.state import MemoryDatabase
from aelus.domain.access_tokens import ExternalIdentity, SigningKey
from aelus.domain.tenancy import TenantId
from aelus.ports.errors import NotAuthenticated, NotFound


class MemorySigningKeyStore:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def live(self, now: datetime) -> Sequence[SigningKey]:
        found = [key for key in self._database.signing_keys if key.expires_at > now]
        return sorted(found, key=lambda key: key.created_at, reverse=True)

    async def renew(self, key: SigningKey, *, unless_since: datetime) -> Sequence[SigningKey]:
        keys = self._database.signing_keys
        if not any(known.created_at >= unless_since for known in keys):
            keys[:] = [*(known for known in keys if known.expires_at > key.created_at), key]
        return await self.live(key.created_at)


class MemoryRevocationStore:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def revoke(self, tenant: TenantId, token_id: str, *, expires_at: datetime, now: datetime) -> None:
        if tenant not in self._database.tenants:
            raise NotFound(f"There is no tenant {tenant}.")
        data = self._database.of(tenant)
        data.revoked_tokens = {known: moment for known, moment in data.revoked_tokens.items() if moment >= now}
        data.revoked_tokens.setdefault(token_id, expires_at)

    async def is_revoked(self, tenant: TenantId, token_id: str) -> bool:
        return token_id in self._database.of(tenant).revoked_tokens


class NoIdentityProviders:
    """Believes nobody."""

    issuers: tuple[str, ...] = ()

    async def identify(self, text: str) -> ExternalIdentity:
        raise NotAuthenticated(f"No issuer is believed; the token has {len(text)} characters.")
