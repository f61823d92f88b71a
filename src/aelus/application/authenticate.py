"""Find out who shows a credential."""

from __future__ import annotations

import hmac
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from aelus.domain.credentials import ApiKey, StoredKey, TokenParts, is_key, read_token
from aelus.domain.identity import Principal, Role
from aelus.domain.members import User
from aelus.domain.repository import RepositoryId
from aelus.domain.tenancy import TenantId
from aelus.ports.clock import Clock
from aelus.ports.errors import NotAuthenticated, NotFound
from aelus.ports.grant_store import GrantStore
from aelus.ports.key_store import KeyStore
from aelus.ports.keyed_digest import KeyedDigest
from aelus.ports.operator_store import OperatorStore
from aelus.ports.user_store import UserStore

REMEMBERED_S = 5.0
"""For so long an answer may be old: a key that is revoked by another process, a role or a grant that was taken away."""
MAX_REMEMBERED = 10_000
NO_DIGEST = bytes(32)
"""Compared with where there is no key, so that this takes as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Remembered:
    principal: Principal
    until: float
    """By the monotonic clock."""
    expires_at: datetime | None


class Authenticate:
    """Who was found is remembered for a moment under the digest of what they showed; who was not found is looked for again each time."""

    def __init__(
        self,
        *,
        keys: KeyStore,
        operators: OperatorStore,
        users: UserStore,
        grants: GrantStore,
        digests: KeyedDigest,
        clock: Clock,
        remembered_s: float = REMEMBERED_S,
    ) -> None:
        self._keys = keys
        self._operators = operators
        self._users = users
        self._grants = grants
        self._digests = digests
        self._clock = clock
        self._remembered_s = remembered_s
        self._remembered: OrderedDict[bytes, _Remembered] = OrderedDict()

    async def __call__(self, token: str) -> Principal:
        """The principal of a key. Raises NotAuthenticated, which does not tell what is wrong with it."""
        parts = read_token(token) if is_key(token) else None
        if parts is None:
            raise not_authenticated()
        digest = self._digests.digest(token)
        known = self._remembered.get(digest)
        if known is not None and known.until > time.monotonic() and _lasts(known.expires_at, self._clock.now()):
            return known.principal
        principal, expires_at = await self._find(parts, digest)
        self._remember(digest, principal, expires_at)
        return principal

    def forget(self) -> None:
        """Look again for everybody: somebody's rights have changed."""
        self._remembered.clear()

    async def of_key(self, stored: StoredKey) -> Principal:
        """What a key of a tenant stands for now. Raises NotAuthenticated: it has ended, or its member is gone."""
        if not stored.key.lifetime.covers(self._clock.now()):
            raise not_authenticated()
        user = await self._member(stored.tenant, stored.key)
        role = stored.key.role if user is None else min(stored.key.role, user.role, key=_height)
        return Principal(
            tenant=stored.tenant,
            subject=f"user:{user.id}" if user else f"key:{stored.key.id}",
            credential=str(stored.key.id),
            role=role,
            scopes=stored.key.scopes & role.scopes,
            repositories=await self._visible(stored.tenant, user),
        )

    async def _find(self, parts: TokenParts, digest: bytes) -> tuple[Principal, datetime | None]:
        if parts.operator:
            return await self._operator(parts.prefix, digest)
        stored = await self._keys.find(parts.prefix)
        if not hmac.compare_digest(stored.digest if stored else NO_DIGEST, digest) or stored is None:
            raise not_authenticated()
        return await self.of_key(stored), stored.key.lifetime.expires_at

    async def _operator(self, prefix: str, digest: bytes) -> tuple[Principal, datetime | None]:
        found = await self._operators.find(prefix)
        if not hmac.compare_digest(found[1] if found else NO_DIGEST, digest) or found is None:
            raise not_authenticated()
        key = found[0]
        if not key.lifetime.covers(self._clock.now()):
            raise not_authenticated()
        return Principal(tenant=None, subject=f"operator:{key.id}", credential=str(key.id), operator=True), key.lifetime.expires_at

    async def _member(self, tenant: TenantId, key: ApiKey) -> User | None:
        if key.user_id is None:
            return None
        try:
            return await self._users.get(tenant, key.user_id)
        except NotFound as error:
            raise not_authenticated() from error

    async def _visible(self, tenant: TenantId, user: User | None) -> frozenset[RepositoryId] | None:
        return None if user is None or user.unrestricted else await self._grants.open_to(tenant, user.id)

    def _remember(self, digest: bytes, principal: Principal, expires_at: datetime | None) -> None:
        until = time.monotonic() + self._remembered_s
        self._remembered[digest] = _Remembered(principal=principal, until=until, expires_at=expires_at)
        self._remembered.move_to_end(digest)
        while len(self._remembered) > MAX_REMEMBERED:
            self._remembered.popitem(last=False)


def not_authenticated() -> NotAuthenticated:
    return NotAuthenticated("The credential is not good: unknown, expired or revoked.", "Show another one.")


def _lasts(expires_at: datetime | None, now: datetime) -> bool:
    return expires_at is None or now < expires_at


def _height(role: Role) -> int:
    return sum(role.covers(other) for other in Role)
