"""What travels over HTTP about tenants, members and keys."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, SecretStr, StringConstraints

from aelus.application.issue_key import MAX_DAYS
from aelus.application.issue_token import DEFAULT_S, MAX_S
from aelus.domain.identity import Role, Scope
from aelus.entrypoints.http.models import Answer, Request, Text

Name = Annotated[Text, StringConstraints(min_length=1, max_length=200)]
External = Annotated[Text, StringConstraints(max_length=1000)]

# --- requests ------------------------------------------------------------------------------------------------------------------------


class TenantParameters(Request):
    tenant_id: UUID


class NewTenant(Request):
    name: Name


class TenantPatch(Request):
    name: Name | None = None
    deleted: bool | None = None
    """`false` brings a deleted tenant back, as long as it is not purged."""


class UserParameters(Request):
    user_id: UUID


class NewUser(Request):
    name: Name
    """Unique in the tenant; an address, as a rule."""
    role: Role = Role.READER
    all_repositories: bool = True
    """`false`: only the repositories that they or their groups were granted. Admins and owners see all."""
    external: External = ""
    """Who they are at an external issuer: its address, a space, and the subject of its tokens."""


class UserPatch(Request):
    name: Name | None = None
    role: Role | None = None
    all_repositories: bool | None = None
    external: External | None = None


class RepositoryGrants(Request):
    repository_ids: tuple[UUID, ...] = Field(max_length=1000)
    """All that are granted; those granted before and not named are not any more."""


class GroupParameters(Request):
    group_id: UUID


class NewGroup(Request):
    name: Name


class GroupMembers(Request):
    user_ids: tuple[UUID, ...] = Field(max_length=1000)
    """All members; those who were and are not named are not any more."""


class KeyPageParameters(Request):
    limit: int = Field(50, ge=1, le=100)
    cursor: UUID | None = None
    """`next_cursor` of the page before."""


class KeyParameters(Request):
    key_id: UUID


class NewApiKey(Request):
    name: Name
    role: Role = Role.READER
    scopes: tuple[Scope, ...] | None = Field(None, min_length=1, max_length=len(Scope))
    """Some of the role's; all of them by default."""
    user_id: UUID | None = None
    """The member that it belongs to: it may no more than they may, and goes with them. Without one it is the tenant's own."""
    expires_in_days: float | None = Field(None, gt=0, le=MAX_DAYS)


class NewToken(Request):
    scopes: tuple[Scope, ...] | None = Field(None, min_length=1, max_length=len(Scope))
    """Some of the key's; all of them by default."""
    expires_in: int = Field(DEFAULT_S, ge=1, le=MAX_S)
    """Seconds that it lasts."""


class TokenToRevoke(Request):
    token: SecretStr | None = Field(None, min_length=1, max_length=8192)
    """An access token of the tenant; the one that is shown, where none is named. Needed where an API key is shown."""


# --- answers -------------------------------------------------------------------------------------------------------------------------


class TenantAnswer(Answer):
    id: UUID
    name: str
    created_at: datetime
    deleted_at: datetime | None


class TenantsAnswer(Answer):
    items: list[TenantAnswer]


class OwnTenantAnswer(Answer):
    """The tenant of the credential, and what the credential may there."""

    id: UUID
    name: str
    created_at: datetime
    subject: str
    role: Role | None
    scopes: list[Scope]
    all_repositories: bool


class UserAnswer(Answer):
    id: UUID
    name: str
    role: Role
    all_repositories: bool
    external: str
    created_at: datetime


class UserPageAnswer(Answer):
    items: list[UserAnswer]
    next_cursor: str | None


class GrantsAnswer(Answer):
    repository_ids: list[UUID]


class GroupAnswer(Answer):
    id: UUID
    name: str


class GroupPageAnswer(Answer):
    items: list[GroupAnswer]
    next_cursor: str | None


class GroupMembersAnswer(Answer):
    user_ids: list[UUID]


class ApiKeyAnswer(Answer):
    id: UUID
    name: str
    prefix: str
    """Public part of the key: what stands between `aelus_` and the next `_`."""
    role: Role
    scopes: list[Scope]
    user_id: UUID | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class IssuedKeyAnswer(ApiKeyAnswer):
    key: str
    """The key itself. It is not shown again."""


class ApiKeyPageAnswer(Answer):
    items: list[ApiKeyAnswer]
    next_cursor: UUID | None


class NewTenantAnswer(TenantAnswer):
    api_key: IssuedKeyAnswer
    """An owner's key, the first of the tenant."""


class TokenAnswer(Answer):
    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - a kind of token
    expires_in: int
    """Seconds."""
    scope: str
    """Its scopes, with spaces between."""
