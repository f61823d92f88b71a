"""API keys of tenants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from aelus.domain.credentials import ApiKey, KeyId, StoredKey
from aelus.domain.tenancy import TenantId


class KeyStore(Protocol):
    async def add(self, tenant: TenantId, key: ApiKey, digest: bytes) -> None:
        """Raises NotFound: there is no such tenant or user."""
        ...

    async def get(self, tenant: TenantId, key: KeyId) -> ApiKey:
        """Raises NotFound."""
        ...

    async def list(self, tenant: TenantId, *, after: KeyId | None = None, limit: int = 100) -> Sequence[ApiKey]:
        """By id, those whose id is greater than `after`; revoked ones too."""
        ...

    async def replace(self, tenant: TenantId, key: ApiKey, digest: bytes | None = None) -> None:
        """Write prefix, name and lifetime, and the digest where one is given. Raises NotFound."""
        ...

    async def find(self, prefix: str) -> StoredKey | None:
        """The key of whatever tenant, unless that is deleted. For those who then prove that they know its secret."""
        ...
