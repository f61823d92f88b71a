"""Tenants. This is the operators' port: no tenant's request reaches it, but to learn of its own tenant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from aelus.domain.tenancy import Tenant, TenantId


class TenantStore(Protocol):
    async def ensure(self, tenant: Tenant) -> None:
        """Add the tenant unless its id is known."""
        ...

    async def get(self, tenant: TenantId) -> Tenant:
        """One that may be deleted already, as long as it is not purged. Raises NotFound."""
        ...

    async def list(self) -> Sequence[Tenant]:
        """All, oldest first; deleted ones too."""
        ...

    async def replace(self, tenant: Tenant) -> None:
        """Write its name and when it was deleted. Raises NotFound."""
        ...

    async def purge(self, tenant: TenantId) -> None:
        """Remove everything that is kept of a deleted tenant, in every table; nothing happens when there is none.

        Raises Conflict: it is not deleted, or was brought back just now. Unavailable: something of it is left, and it has to be done again.
        """
        ...
