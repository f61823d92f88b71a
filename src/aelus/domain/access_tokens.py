"""Short-lived tokens in place of keys, and what others say about who somebody is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from aelus.domain.identity import Role, Scope
from aelus.domain.tenancy import TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """What a token of this service says. It opens what its key opens at that moment, and no more than its scopes."""

    id: str
    key_prefix: str
    """Public part of the key that it was given out for; it ends with the key, and with its rotation."""
    tenant: TenantId
    subject: str
    role: Role
    scopes: frozenset[Scope]
    issued_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A key that tokens are signed with. It signs for a while, and is good for checking a while longer."""

    id: str
    public: str
    """As a JSON Web Key."""
    sealed: bytes = field(repr=False)
    """The private part, encrypted."""
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalIdentity:
    """Who an external issuer says somebody is, checked."""

    issuer: str
    subject: str
    tenant: TenantId
    """By the issuer's claim, as it is mapped."""
    role: Role | None
    """The highest that the issuer grants; None where it says nothing of roles."""
    groups: tuple[str, ...] | None
    """Names of groups; None where the issuer is not asked for them."""
    token_id: str
    """Empty where the issuer gives none; such a token cannot be refused by itself."""
    expires_at: datetime

    @property
    def named(self) -> str:
        """What the token is called among those of all issuers, each of which knows its own ids only."""
        return f"{self.issuer} {self.token_id}" if self.token_id else ""
