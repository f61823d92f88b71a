"""Members of tenants in memory."""

from __future__ import annotations

from collections.abc import Sequence

from aelus.adapters.memory.state import MemoryDatabase
from aelus.domain.identity import Role
from aelus.domain.members import User, UserId
from aelus.domain.tenancy import TenantId
from aelus.ports.errors import Conflict, NotFound


class MemoryUserStore:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def add(self, tenant: TenantId, user: User) -> None:
        if tenant not in self._database.tenants:
            raise NotFound(f"There is no tenant {tenant}.")
        self._check_names(tenant, user)
        self._database.of(tenant).users[user.id] = user

    async def get(self, tenant: TenantId, user: UserId) -> User:
        found = self._database.of(tenant).users.get(user)
        if found is None:
            raise NotFound(f"There is no member {user}.")
        return found

    async def find_external(self, tenant: TenantId, external: str) -> User | None:
        return next((user for user in self._database.of(tenant).users.values() if user.external and user.external == external), None)

    async def list(self, tenant: TenantId, *, after: str = "", limit: int = 100) -> Sequence[User]:
        found = sorted(self._database.of(tenant).users.values(), key=lambda user: user.name)
        return [user for user in found if user.name > after][:limit]

    async def replace(self, tenant: TenantId, user: User) -> None:
        await self.get(tenant, user.id)
        self._check_names(tenant, user)
        if user.role is not Role.OWNER:
            self._keep_an_owner(tenant, user.id)
        self._database.of(tenant).users[user.id] = user

    async def remove(self, tenant: TenantId, user: UserId) -> None:
        await self.get(tenant, user)
        self._keep_an_owner(tenant, user)
        data = self._database.of(tenant)
        del data.users[user]
        data.grants.pop(user, None)
        data.keys = {key: entry for key, entry in data.keys.items() if entry[0].user_id != user}
        data.members = {group: users - {user} for group, users in data.members.items()}

    def _check_names(self, tenant: TenantId, user: User) -> None:
        others = [other for other in self._database.of(tenant).users.values() if other.id != user.id]
        if any(other.name == user.name or (user.external and other.external == user.external) for other in others):
            raise Conflict(f"There is a member {user.name!r} already.", "Take another name.")

    def _keep_an_owner(self, tenant: TenantId, leaving: UserId) -> None:
        owners = [user.id for user in self._database.of(tenant).users.values() if user.role is Role.OWNER]
        if owners == [leaving]:
            raise Conflict("This is the last owner of the tenant.", "Make somebody else an owner first.")
