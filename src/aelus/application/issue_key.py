"""Give out an API key. Its token is shown once, and only its digest is kept."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import uuid4

from aelus.application.authority import check_authority
from aelus.domain.credentials import PREFIX_DIGITS, SECRET_DIGITS, ApiKey, KeyId, Lifetime, write_token
from aelus.domain.identity import Principal, Role, Scope
from aelus.domain.members import UserId
from aelus.domain.tenancy import TenantId
from aelus.ports.clock import Clock
from aelus.ports.errors import Conflict, InvalidRequest
from aelus.ports.key_store import KeyStore
from aelus.ports.keyed_digest import KeyedDigest
from aelus.ports.user_store import UserStore

MAX_NAME = 200
MAX_DAYS = 3650


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """What is wanted of a key."""

    name: str
    role: Role
    scopes: frozenset[Scope] | None = None
    """None for all of the role."""
    user_id: UserId | None = None
    days: float | None = None
    """How long it is good; None for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedKey:
    key: ApiKey
    token: str = field(repr=False)
    """Known to nobody else from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Minted:
    """A token and what is kept of it."""

    prefix: str
    token: str = field(repr=False)
    digest: bytes = field(repr=False)


class IssueKey:
    def __init__(self, *, keys: KeyStore, users: UserStore, digests: KeyedDigest, clock: Clock) -> None:
        self._keys = keys
        self._users = users
        self._digests = digests
        self._clock = clock

    async def __call__(self, tenant: TenantId, wanted: NewKey, *, by: Principal) -> IssuedKey:
        """A new key, of a member or of the tenant itself, with at most the rights of the giver and of the member.

        Raises:
            NotAllowed: the role or a scope is above the giver's own.
            InvalidRequest: the scopes are not of the role, or name or days cannot be.
            NotFound: there is no such member.
            Misconfigured: the service has no key to digest with.
        """
        scopes = wanted.role.scopes if wanted.scopes is None else wanted.scopes
        check_authority(by, wanted.role, scopes)
        if not scopes or not scopes <= wanted.role.scopes:
            raise InvalidRequest(f"A key with the role {wanted.role.value!r} cannot have these scopes.", "Give some of the role's own.")
        await self._check_member(tenant, wanted.user_id, by)
        minted = mint(self._digests)
        key = ApiKey(
            id=uuid4(),
            name=check_name(wanted.name),
            prefix=minted.prefix,
            role=wanted.role,
            scopes=scopes,
            lifetime=Lifetime(created_at=self._clock.now(), expires_at=expiry(self._clock.now(), wanted.days)),
            user_id=wanted.user_id,
        )
        await self._keys.add(tenant, key, minted.digest)
        return IssuedKey(key=key, token=minted.token)

    async def rotate(self, tenant: TenantId, key: KeyId, *, by: Principal) -> IssuedKey:
        """Another token for the same key; the one before opens nothing any more. Raises NotAllowed, NotFound, Conflict: it is revoked."""
        known = await self._keys.get(tenant, key)
        check_authority(by, known.role, known.scopes)
        await self._check_member(tenant, known.user_id, by)
        if not known.lifetime.covers(self._clock.now()):
            raise Conflict(f"Key {key} has ended.", "Make a new one.")
        minted = mint(self._digests)
        changed = replace(known, prefix=minted.prefix)
        await self._keys.replace(tenant, changed, minted.digest)
        return IssuedKey(key=changed, token=minted.token)

    async def _check_member(self, tenant: TenantId, user: UserId | None, by: Principal) -> None:
        """Nobody gets a key that speaks for somebody above them. Raises NotAllowed, NotFound."""
        if user is not None:
            check_authority(by, (await self._users.get(tenant, user)).role)


def mint(digests: KeyedDigest, *, operator: bool = False) -> Minted:
    prefix = secrets.token_hex(PREFIX_DIGITS // 2)
    token = write_token(prefix, secrets.token_hex(SECRET_DIGITS // 2), operator=operator)
    return Minted(prefix=prefix, token=token, digest=digests.digest(token))


def check_name(name: str) -> str:
    if not 1 <= len(name) <= MAX_NAME or not name.isprintable() or not name.strip():
        raise InvalidRequest(f"{name[:MAX_NAME]!r} cannot be a name.", f"Use 1 to {MAX_NAME} characters that can be printed.")
    return name


def expiry(now: datetime, days: float | None) -> datetime | None:
    if days is None:
        return None
    if not 0 < days <= MAX_DAYS:
        raise InvalidRequest(f"A key cannot be good for {days} days.", f"Give more than 0, and at most {MAX_DAYS}.")
    return now + timedelta(days=days)
