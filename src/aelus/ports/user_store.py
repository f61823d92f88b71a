"""Members of tenants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from aelus.domain.members import User, UserId
from aelus.domain.tenancy import TenantId


class UserStore(Protocol):
    async def add(self, tenant: TenantId, user: User) -> None:
        """Raises Conflict: the name or the external identity is taken. NotFound: there is no such tenant."""
        ...

    async def get(self, tenant: TenantId, user: UserId) -> User:
        """Raises NotFound."""
        ...

    async def find_external(self, tenant: TenantId, external: str) -> User | None:
        """The member who is this person elsewhere."""
        ...

    async def list(self, tenant: TenantId, *, after: str = "", limit: int = 100) -> Sequence[User]:
        """By name, those whose name is greater than `after`."""
        ...

    async def replace(self, tenant: TenantId, user: User) -> None:
        """Write all but the id. Raises NotFound, Conflict; Conflict as well when the tenant would have members and no owner left."""
        ...

    async def remove(self, tenant: TenantId, user: UserId) -> None:
        """With their keys, grants and memberships of groups. Raises as `replace`."""
        ...
