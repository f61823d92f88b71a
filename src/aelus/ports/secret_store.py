"""Secrets of repositories."""

from __future__ import annotations

from typing import Protocol

from aelus.domain.repository import RepositoryId
from aelus.domain.secrets import SecretPurpose
from aelus.domain.tenancy import TenantId


class SecretStore(Protocol):
    async def put(self, tenant: TenantId, repository: RepositoryId, purpose: SecretPurpose, secret: str) -> None:
        """Keep a secret, in place of the one before. Raises NotFound: there is no such repository. Misconfigured: there is no key."""
        ...

    async def get(self, tenant: TenantId, repository: RepositoryId, purpose: SecretPurpose) -> str | None:
        """The secret, or None. Raises Misconfigured when it was sealed with another key."""
        ...

    async def forget(self, tenant: TenantId, repository: RepositoryId, purpose: SecretPurpose) -> None:
        """Remove it; nothing happens when there is none."""
        ...
