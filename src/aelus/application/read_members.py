"""Members, keys, groups and grants of a tenant, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from aelus.domain.credentials import ApiKey, KeyId
from aelus.domain.members import Group, GroupId, User, UserId
from aelus.domain.repository import RepositoryId
from aelus.domain.tenancy import TenantId
from aelus.ports.grant_store import GrantStore
from aelus.ports.key_store import KeyStore
from aelus.ports.user_store import UserStore

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Item]):
    items: tuple[Item, ...]
    more: bool


class ReadMembers:
    def __init__(self, *, users: UserStore, keys: KeyStore, grants: GrantStore) -> None:
        self._users = users
        self._keys = keys
        self._grants = grants

    async def __call__(self, tenant: TenantId, *, after: str = "", limit: int = 100) -> Page[User]:
        """Members by name."""
        return _page(await self._users.list(tenant, after=after, limit=limit + 1), limit)

    async def one(self, tenant: TenantId, user: UserId) -> User:
        """Raises NotFound."""
        return await self._users.get(tenant, user)

    async def keys(self, tenant: TenantId, *, after: KeyId | None = None, limit: int = 100) -> Page[ApiKey]:
        """Keys by id, those too that have ended."""
        return _page(await self._keys.list(tenant, after=after, limit=limit + 1), limit)

    async def groups(self, tenant: TenantId, *, after: str = "", limit: int = 100) -> Page[Group]:
        """Groups by name."""
        return _page(await self._grants.groups(tenant, after=after, limit=limit + 1), limit)

    async def members(self, tenant: TenantId, group: GroupId) -> frozenset[UserId]:
        """Raises NotFound."""
        return await self._grants.members(tenant, group)

    async def granted(self, tenant: TenantId, grantee: UserId | GroupId) -> frozenset[RepositoryId]:
        """What was granted to a member or a group itself. Raises NotFound."""
        return await self._grants.granted(tenant, grantee)


def _page(found: Sequence[Item], limit: int) -> Page[Item]:
    return Page(items=tuple(found[:limit]), more=len(found) > limit)
