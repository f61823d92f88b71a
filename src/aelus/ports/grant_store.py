"""Which repositories are open to whom, by themselves or as members of groups."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from aelus.domain.members import Group, GroupId, UserId
from aelus.domain.repository import RepositoryId
from aelus.domain.tenancy import TenantId


class GrantStore(Protocol):
    async def add_group(self, tenant: TenantId, group: Group) -> None:
        """Raises Conflict: the name is taken."""
        ...

    async def groups(self, tenant: TenantId, *, after: str = "", limit: int = 100) -> Sequence[Group]:
        """By name, those whose name is greater than `after`."""
        ...

    async def remove_group(self, tenant: TenantId, group: GroupId) -> None:
        """With its grants. Raises NotFound."""
        ...

    async def members(self, tenant: TenantId, group: GroupId) -> frozenset[UserId]:
        """Raises NotFound."""
        ...

    async def set_members(self, tenant: TenantId, group: GroupId, users: Collection[UserId]) -> None:
        """In place of those before. Raises NotFound: there is no such group or user."""
        ...

    async def granted(self, tenant: TenantId, grantee: UserId | GroupId) -> frozenset[RepositoryId]:
        """What was granted to a user or a group itself. Raises NotFound."""
        ...

    async def grant(self, tenant: TenantId, grantee: UserId | GroupId, repositories: Collection[RepositoryId]) -> None:
        """In place of what was granted before. Raises NotFound: there is no such user, group or repository."""
        ...

    async def open_to(self, tenant: TenantId, user: UserId | None, group_names: Collection[str] = ()) -> frozenset[RepositoryId]:
        """All that is granted to a user and to their groups, and to further groups by name; with further branches of it."""
        ...
