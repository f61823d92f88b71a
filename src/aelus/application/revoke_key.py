"""Let a key open nothing any more."""

from __future__ import annotations

from dataclasses import replace

from aelus.application.authority import check_authority
from aelus.domain.credentials import ApiKey, KeyId
from aelus.domain.identity import Principal
from aelus.domain.tenancy import TenantId
from aelus.ports.clock import Clock
from aelus.ports.key_store import KeyStore


class RevokeKey:
    def __init__(self, *, keys: KeyStore, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock

    async def __call__(self, tenant: TenantId, key: KeyId, *, by: Principal) -> ApiKey:
        """The key, revoked; one that was revoked before stays as it is. Raises NotFound, NotAllowed: its role is above the caller's."""
        known = await self._keys.get(tenant, key)
        check_authority(by, known.role)
        if known.lifetime.revoked_at is not None:
            return known
        revoked = replace(known, lifetime=replace(known.lifetime, revoked_at=self._clock.now()))
        await self._keys.replace(tenant, revoked)
        return revoked
