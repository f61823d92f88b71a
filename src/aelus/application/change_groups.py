"""Groups of members, and which repositories members and groups may see."""

from __future__ import annotations

from collections.abc import Collection
from uuid import uuid4

from aelus.application.issue_key import check_name
from aelus.domain.members import Group, GroupId, UserId
from aelus.domain.repository import RepositoryId
from aelus.domain.tenancy import TenantId
from aelus.ports.grant_store import GrantStore


class ChangeGroups:
    def __init__(self, *, grants: GrantStore) -> None:
        self._grants = grants

    async def __call__(self, tenant: TenantId, name: str) -> Group:
        """A new group. Raises Conflict, InvalidRequest."""
        group = Group(id=uuid4(), name=check_name(name))
        await self._grants.add_group(tenant, group)
        return group

    async def remove(self, tenant: TenantId, group: GroupId) -> None:
        """Raises NotFound."""
        await self._grants.remove_group(tenant, group)

    async def set_members(self, tenant: TenantId, group: GroupId, users: Collection[UserId]) -> None:
        """Exactly these are in it from now on. Raises NotFound."""
        await self._grants.set_members(tenant, group, users)

    async def grant(self, tenant: TenantId, grantee: UserId | GroupId, repositories: Collection[RepositoryId]) -> None:
        """Exactly these are granted to the member or the group from now on. Raises NotFound."""
        await self._grants.grant(tenant, grantee, repositories)
