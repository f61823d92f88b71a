"""Tokens of external issuers, as the settings say whom to believe and what about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx2
import jwt

from aelus.adapters.pyjwt.checking import checked, claimed_issuer, header_of, is_access_token, refused
from aelus.adapters.pyjwt.key_sets import KeySet
from aelus.domain.access_tokens import ExternalIdentity
from aelus.domain.identity import Role
from aelus.domain.tenancy import TenantId
from aelus.ports.errors import NotAuthenticated

MAX_GROUPS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedIssuer:
    """An issuer, and what its claims mean here."""

    issuer: str
    audience: str
    algorithms: tuple[str, ...]
    jwks_url: str = ""
    tenant_claim: str = ""
    """Claim that names the tenant; empty where all are of one tenant."""
    tenants: Mapping[str, TenantId] = field(default_factory=dict)
    """Value of that claim → tenant. Empty where the value is the tenant's id itself."""
    tenant: TenantId | None = None
    """The one tenant of all that it speaks of."""
    roles_claim: str = ""
    """Claim with a role, or several; empty where it decides nothing."""
    groups_claim: str = ""


class JwtProviders:
    def __init__(self, trusted: Sequence[TrustedIssuer], *, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        self._trusted = {one.issuer: one for one in trusted}
        self._keys = {one.issuer: KeySet(one.issuer, jwks_url=one.jwks_url, transport=transport) for one in trusted}

    @property
    def issuers(self) -> tuple[str, ...]:
        return tuple(self._trusted)

    async def identify(self, text: str) -> ExternalIdentity:
        trusted = self._trusted.get(claimed_issuer(text))
        if trusted is None:
            raise NotAuthenticated("The token is of an issuer that this service does not know.")
        header = header_of(text)
        if not is_access_token(header):
            raise NotAuthenticated("The token is not one for access.")
        algorithm = header.get("alg")
        if algorithm not in trusted.algorithms:
            raise NotAuthenticated("The token is signed in another way than its issuer does.")
        jwk = await self._keys[trusted.issuer].find(header.get("kid"))
        if jwk is None:
            raise NotAuthenticated("The token is signed with a key that its issuer does not publish.")
        with refused():
            key = jwt.PyJWK(dict(jwk), algorithm=algorithm)
            claims = checked(text, key, algorithms=[algorithm], audience=trusted.audience, issuer=trusted.issuer)
            return _identity(trusted, claims)


def _identity(trusted: TrustedIssuer, claims: Mapping[str, Any]) -> ExternalIdentity:
    return ExternalIdentity(
        issuer=trusted.issuer,
        subject=str(claims["sub"]),
        tenant=_tenant(trusted, claims),
        role=_role(_texts(claims.get(trusted.roles_claim))) if trusted.roles_claim else None,
        groups=tuple(_texts(claims.get(trusted.groups_claim))[:MAX_GROUPS]) if trusted.groups_claim else None,
        token_id=str(claims.get("jti", "")),
        expires_at=datetime.fromtimestamp(claims["exp"], UTC),
    )


def _tenant(trusted: TrustedIssuer, claims: Mapping[str, Any]) -> TenantId:
    if trusted.tenant is not None:
        return trusted.tenant
    named = claims[trusted.tenant_claim]
    return trusted.tenants[named] if trusted.tenants else UUID(named)


def _role(names: Sequence[str]) -> Role | None:
    known = [role for role in Role if role.value in names]
    return known[0] if known else None


def _texts(value: object) -> list[str]:
    """One text, or those of a list."""
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str)]
