"""Find out who shows a credential."""

from __future__ import annotations

import hmac
import time
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from aelus.domain.access_tokens import AccessToken, ExternalIdentity
from aelus.domain.credentials import ApiKey, StoredKey, is_key, read_token
from aelus.domain.identity import Principal, Role
from aelus.domain.members import User
from aelus.domain.repository import RepositoryId
from aelus.domain.tenancy import TenantId
from aelus.ports.clock import Clock
from aelus.ports.errors import NotAllowed, NotAuthenticated, NotFound
from aelus.ports.grant_store import GrantStore
from aelus.ports.identity_providers import IdentityProviders
from aelus.ports.key_store import KeyStore
from aelus.ports.keyed_digest import KeyedDigest
from aelus.ports.operator_store import OperatorStore
from aelus.ports.revocation_store import RevocationStore
from aelus.ports.tenant_store import TenantStore
from aelus.ports.token_issuer import TokenIssuer
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


Found = tuple[Principal, datetime | None]
"""Who it is, and until when the credential is good."""


class Authenticate:
    """Who was found is remembered for a moment under the digest of what they showed; who was not found is looked for again each time."""

    def __init__(
        self,
        *,
        keys: KeyStore,
        operators: OperatorStore,
        users: UserStore,
        grants: GrantStore,
        tenants: TenantStore,
        tokens: TokenIssuer,
        revocations: RevocationStore,
        providers: IdentityProviders,
        digests: KeyedDigest,
        clock: Clock,
        remembered_s: float = REMEMBERED_S,
    ) -> None:
        self._keys = keys
        self._operators = operators
        self._users = users
        self._grants = grants
        self._tenants = tenants
        self._tokens = tokens
        self._revocations = revocations
        self._providers = providers
        self._digests = digests
        self._clock = clock
        self._remembered_s = remembered_s
        self._remembered: OrderedDict[bytes, _Remembered] = OrderedDict()

    async def __call__(self, credential: str) -> Principal:
        """The principal of a key, or of an access token of this service or of an issuer that it believes.

        Raises:
            NotAuthenticated: which does not tell what is wrong with it.
            NotAllowed: somebody whom an issuer knows, and who has no role in the tenant.
            Unavailable: an issuer's keys cannot be had now.
        """
        digest = self._digests.digest(credential)
        known = self._known(digest)
        if known is not None:
            return known
        try:
            principal, expires_at = await self._find(credential, digest)
        except NotAuthenticated as error:
            raise not_authenticated() from error
        self._remember(digest, principal, expires_at)
        return principal

    def remembered(self, credential: str) -> Principal | None:
        """Who was found a moment ago; nothing is looked up."""
        return self._known(self._digests.digest(credential))

    def _known(self, digest: bytes) -> Principal | None:
        known = self._remembered.get(digest)
        if known is not None and known.until > time.monotonic() and _lasts(known.expires_at, self._clock.now()):
            return known.principal
        return None

    def forget(self) -> None:
        """Look again for everybody: somebody's rights have changed."""
        self._remembered.clear()

    async def _find(self, credential: str, digest: bytes) -> Found:
        if is_key(credential):
            parts = read_token(credential)
            if parts is None:
                raise not_authenticated()
            return await (self._operator(parts.prefix, digest) if parts.operator else self._holder(parts.prefix, digest))
        if self._tokens.issued(credential):
            return await self._bearer(await self._tokens.read(credential))
        return await self._known_elsewhere(await self._providers.identify(credential))

    async def _holder(self, prefix: str, digest: bytes) -> Found:
        """Of a tenant's key."""
        stored = await self._keys.find(prefix)
        if not hmac.compare_digest(stored.digest if stored else NO_DIGEST, digest) or stored is None:
            raise not_authenticated()
        return await self._of_key(stored), stored.key.lifetime.expires_at

    async def _of_key(self, stored: StoredKey) -> Principal:
        """What a key of a tenant stands for now."""
        if not stored.key.lifetime.covers(self._clock.now()):
            raise not_authenticated()
        user = await self._member(stored.tenant, stored.key)
        role = stored.key.role if user is None else min(stored.key.role, user.role, key=_height)
        return Principal(
            tenant=stored.tenant,
            subject=f"user:{user.id}" if user else f"key:{stored.key.id}",
            credential=str(stored.key.id),
            key_id=stored.key.id,
            role=role,
            scopes=stored.key.scopes & role.scopes,
            repositories=await self._visible(stored.tenant, user),
        )

    async def _bearer(self, token: AccessToken) -> Found:
        """Of a token of this service: what its key stands for now, as far as the token goes."""
        stored = await self._keys.find(token.key_prefix)
        if stored is None or stored.tenant != token.tenant or await self._revocations.is_revoked(token.tenant, token.id):
            raise not_authenticated()
        principal = await self._of_key(stored)
        return replace(principal, key_id=None, scopes=principal.scopes & token.scopes), token.expires_at

    async def _known_elsewhere(self, identity: ExternalIdentity) -> Found:
        """Of a token of another issuer: a member whom it names, or whoever it gives a role."""
        try:
            tenant = await self._tenants.get(identity.tenant)
        except NotFound as error:
            raise not_authenticated() from error
        external = f"{identity.issuer} {identity.subject}"
        user = await self._users.find_external(tenant.id, external)
        role = user.role if user else identity.role
        if tenant.deleted_at is not None or (identity.named and await self._revocations.is_revoked(tenant.id, identity.named)):
            raise not_authenticated()
        if role is None:
            raise NotAllowed("The issuer of the token is believed, and says of no role in the tenant.", "Ask its administrators for one.")
        principal = Principal(
            tenant=tenant.id,
            subject=f"user:{user.id}" if user else f"external:{external}",
            credential=f"external:{external}",
            role=role,
            scopes=role.scopes,
            repositories=await self._visible(tenant.id, user, role, identity.groups),
        )
        return principal, identity.expires_at

    async def _operator(self, prefix: str, digest: bytes) -> Found:
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

    async def _visible(
        self, tenant: TenantId, user: User | None, role: Role | None = None, groups: Collection[str] | None = None
    ) -> frozenset[RepositoryId] | None:
        """None for all. Who is no member sees all, unless their issuer tells of groups: then what those were granted."""
        if user is None and (groups is None or role is None or role.covers(Role.ADMIN)):
            return None
        if user is not None and user.unrestricted:
            return None
        return await self._grants.open_to(tenant, user.id if user else None, groups or ())

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
