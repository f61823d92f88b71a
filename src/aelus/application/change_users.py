"""Who is a member of a tenant, and as what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import uuid4

from aelus.application.authority import check_authority
from aelus.application.issue_key import check_name
from aelus.domain.identity import Principal, Role
from aelus.domain.members import User, UserId
from aelus.domain.tenancy import TenantId
from aelus.ports.clock import Clock
from aelus.ports.errors import InvalidRequest
from aelus.ports.user_store import UserStore

MAX_EXTERNAL = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class UserChange:
    """What is to be another; None leaves it."""

    name: str | None = None
    role: Role | None = None
    all_repositories: bool | None = None
    external: str | None = None


class ChangeUsers:
    """Adds, changes and removes members. Nobody touches a member above themselves."""

    def __init__(self, *, users: UserStore, clock: Clock) -> None:
        self._users = users
        self._clock = clock

    async def __call__(self, tenant: TenantId, user: UserId, change: UserChange, *, by: Principal) -> User:
        """Raises NotFound, NotAllowed, InvalidRequest, Conflict: a name is taken, or the last owner would be none any more."""
        known = await self._users.get(tenant, user)
        check_authority(by, known.role)
        changed = replace(
            known,
            name=known.name if change.name is None else check_name(change.name),
            role=change.role or known.role,
            all_repositories=known.all_repositories if change.all_repositories is None else change.all_repositories,
            external=known.external if change.external is None else _checked(change.external),
        )
        check_authority(by, changed.role, changed.role.scopes)
        await self._users.replace(tenant, changed)
        return changed

    async def add(self, tenant: TenantId, user: UserChange, *, by: Principal) -> User:
        """A new member, a reader unless it says otherwise. Raises as the call."""
        added = User(
            id=uuid4(),
            name=check_name(user.name or ""),
            role=user.role or Role.READER,
            created_at=self._clock.now(),
            all_repositories=user.all_repositories is not False,
            external=_checked(user.external or ""),
        )
        check_authority(by, added.role, added.role.scopes)
        await self._users.add(tenant, added)
        return added

    async def remove(self, tenant: TenantId, user: UserId, *, by: Principal) -> None:
        """With their keys. Raises as the call."""
        check_authority(by, (await self._users.get(tenant, user)).role)
        await self._users.remove(tenant, user)


def _checked(external: str) -> str:
    if len(external) > MAX_EXTERNAL or not external.isprintable():
        raise InvalidRequest("The external identity cannot be one.", "Give the issuer, a space, and the subject.")
    return external
