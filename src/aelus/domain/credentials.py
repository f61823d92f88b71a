"""Credentials that the service gives out: API keys of tenants, and those of operators. What is kept of them opens nothing.

A token is `aelus_`, a public part that finds the record, `_` and a secret of 256 bits; an operator's has `operator_` in it as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from aelus.domain.identity import Role, Scope
from aelus.domain.tenancy import TenantId

KeyId = UUID

MARK: Final = "aelus_"
OPERATOR_MARK: Final = "operator_"
PREFIX_DIGITS: Final = 12
SECRET_DIGITS: Final = 64
_TOKEN: Final = re.compile(rf"{MARK}(?P<operator>{OPERATOR_MARK})?(?P<prefix>[0-9a-f]{{{PREFIX_DIGITS}}})_[0-9a-f]{{{SECRET_DIGITS}}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenParts:
    """What a token says of itself without proving it."""

    prefix: str
    operator: bool


def is_key(token: str) -> bool:
    """Whether it was meant to be an API key."""
    return token.startswith(MARK)


def read_token(token: str) -> TokenParts | None:
    """None for what cannot be one of ours."""
    found = _TOKEN.fullmatch(token)
    return TokenParts(prefix=found["prefix"], operator=found["operator"] is not None) if found else None


def write_token(prefix: str, secret: str, *, operator: bool = False) -> str:
    return f"{MARK}{OPERATOR_MARK if operator else ''}{prefix}_{secret}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """From when to when a credential is good."""

    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def covers(self, moment: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or moment < self.expires_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key of a tenant. One with a user may no more than the user may now, and goes with them."""

    id: KeyId
    name: str
    prefix: str
    """The public part of its token; unique among all tenants."""
    role: Role
    scopes: frozenset[Scope]
    lifetime: Lifetime
    user_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredKey:
    """A key as it is found by the public part of a token."""

    tenant: TenantId
    key: ApiKey
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorKey:
    id: KeyId
    name: str
    prefix: str
    lifetime: Lifetime
