"""Members of a tenant, and groups of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aelus.domain.identity import Role

UserId = UUID
GroupId = UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    id: UserId
    name: str
    """Unique within the tenant; an address, as a rule."""
    role: Role
    created_at: datetime
    all_repositories: bool = True
    """Whether every repository of the tenant is open to them; otherwise those that they or their groups were granted. Admins see all."""
    external: str = ""
    """Who they are elsewhere, `issuer subject`; empty for none. Unique within the tenant."""

    @property
    def unrestricted(self) -> bool:
        return self.all_repositories or self.role.covers(Role.ADMIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    id: GroupId
    name: str
    """Unique within the tenant."""
