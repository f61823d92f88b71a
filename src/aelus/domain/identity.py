"""Who asks, and what they may: roles, scopes, and the principal that a credential stands for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias
from uuid import UUID

from aelus.domain.repository import RepositoryId
from aelus.domain.tenancy import LOCAL_TENANT, TenantId, TenantView


class Scope(StrEnum):
    """What a credential is for. Every operation asks for one of these, unless it is open to anyone or to operators only."""

    READ = "read"
    """Search, read and follow what is indexed."""
    INDEX = "index"
    """Add, change and remove repositories, and have them indexed."""
    ADMINISTER = "administer"
    """Manage members, keys, grants and secrets of the tenant."""


class Role(StrEnum):
    """What a member is to a tenant; each may all that the ones below it may."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    READER = "reader"

    @property
    def scopes(self) -> frozenset[Scope]:
        return _SCOPES[self]

    def covers(self, other: Role) -> bool:
        """Whether the role is as high as another one, or higher."""
        return _ORDER.index(self) <= _ORDER.index(other)


class Caller(StrEnum):
    """Who may call where no scope decides."""

    ANYONE = "anyone"
    MEMBER = "member"
    """Whoever has a credential of some tenant, with whatever scopes."""
    OPERATOR = "operator"
    """Those who run the service for all tenants. Their credentials belong to no tenant, and open no tenant's data."""


Admission: TypeAlias = Caller | Scope
"""What an operation asks of its caller."""

_ORDER: Final = (Role.OWNER, Role.ADMIN, Role.MEMBER, Role.READER)
_SCOPES: Final = {
    Role.OWNER: frozenset(Scope),
    Role.ADMIN: frozenset(Scope),
    Role.MEMBER: frozenset((Scope.READ, Scope.INDEX)),
    Role.READER: frozenset((Scope.READ,)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who was found behind a credential, and all that may be decided about them without asking further."""

    tenant: TenantId | None
    """None for operators, and for those who were not asked who they are."""
    subject: str
    """Names them in logs: `user:ID`, `key:ID`, `operator:ID`, `local`, `anonymous`."""
    credential: str
    """Names what they showed; limits that hold for one credential are counted under it. Empty where nothing was shown."""
    key_id: UUID | None = None
    """The key of a tenant that they showed; None for a token, which no other can be had for."""
    role: Role | None = None
    scopes: frozenset[Scope] = frozenset()
    """At most those of the role; a credential may have been given fewer."""
    repositories: frozenset[RepositoryId] | None = None
    """The only ones that exist for them; None for all of the tenant."""
    operator: bool = False

    @property
    def view(self) -> TenantId:
        """The tenant as they see it. Only for those who have one."""
        assert self.tenant is not None
        return self.tenant if self.repositories is None else TenantView(self.tenant, self.repositories)

    def may(self, admission: Admission) -> bool:
        """Whether an operation that asks for this lets them in."""
        if isinstance(admission, Scope):
            return self.tenant is not None and admission in self.scopes
        if admission is Caller.MEMBER:
            return self.tenant is not None
        return admission is Caller.ANYONE or self.operator


ANONYMOUS: Final = Principal(tenant=None, subject="anonymous", credential="")
LOCAL: Final = Principal(tenant=LOCAL_TENANT, subject="local", credential="local", role=Role.OWNER, scopes=Role.OWNER.scopes, operator=True)
"""Whoever sits at the machine of a service that one person runs for themselves."""
