"""Groups, and which repositories are open to whom, in memory."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from aelus.adapters.memory.state import MemoryDatabase
from aelus.domain.members import Group, GroupId, UserId
from aelus.domain.repository import RepositoryId
from aelus.domain.tenancy import TenantId
from aelus.ports.errors import Conflict, NotFound


class MemoryGrantStore:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def add_group(self, tenant: TenantId, group: Group) -> None:
        groups = self._database.of(tenant).groups
        if any(known.name == group.name for known in groups.values()):
            raise Conflict(f"There is a group {group.name!r} already.", "Take another name.")
        groups[group.id] = group

    async def groups(self, tenant: TenantId, *, after: str = "", limit: int = 100) -> Sequence[Group]:
        found = sorted(self._database.of(tenant).groups.values(), key=lambda group: group.name)
        return [group for group in found if group.name > after][:limit]

    async def remove_group(self, tenant: TenantId, group: GroupId) -> None:
        self._check_group(tenant, group)
        data = self._database.of(tenant)
        for kept in (data.groups, data.members, data.grants):
            kept.pop(group, None)

    async def members(self, tenant: TenantId, group: GroupId) -> frozenset[UserId]:
        self._check_group(tenant, group)
        return self._database.of(tenant).members.get(group, frozenset())

    async def set_members(self, tenant: TenantId, group: GroupId, users: Collection[UserId]) -> None:
        self._check_group(tenant, group)
        data = self._database.of(tenant)
        if not data.users.keys() >= set(users):
            raise NotFound("There is no such member.")
        data.members[group] = frozenset(users)

    async def granted(self, tenant: TenantId, grantee: UserId | GroupId) -> frozenset[RepositoryId]:
        self._check_grantee(tenant, grantee)
        return self._database.of(tenant).grants.get(grantee, frozenset())

    async def grant(self, tenant: TenantId, grantee: UserId | GroupId, repositories: Collection[RepositoryId]) -> None:
        self._check_grantee(tenant, grantee)
        data = self._database.of(tenant)
        if not data.repositories.keys() >= set(repositories):
            raise NotFound("There is no such repository.")
        data.grants[grantee] = frozenset(repositories)

    async def open_to(self, tenant: TenantId, user: UserId | None, group_names: Collection[str] = ()) -> frozenset[RepositoryId]:
        data = self._database.of(tenant)
        groups = {group.id for group in data.groups.values() if group.name in group_names}
        groups |= {group for group, users in data.members.items() if user in users}
        granted = frozenset[RepositoryId]().union(*(data.grants.get(grantee, ()) for grantee in (user, *groups) if grantee is not None))
        return granted | {one.id for one in data.repositories.values() if one.branch_of in granted}

    def _check_group(self, tenant: TenantId, group: GroupId) -> None:
        if group not in self._database.of(tenant).groups:
            raise NotFound(f"There is no group {group}.")

    def _check_grantee(self, tenant: TenantId, grantee: UserId | GroupId) -> None:
        data = self._database.of(tenant)
        if grantee not in data.users and grantee not in data.groups:
            raise NotFound(f"There is no member and no group {grantee}.")
