"""Give out a short-lived access token for a key, and let tokens open nothing any more."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import uuid4

from aelus.domain.access_tokens import AccessToken
from aelus.domain.credentials import is_key
from aelus.domain.identity import Principal, Scope
from aelus.domain.tenancy import TenantId
from aelus.ports.clock import Clock
from aelus.ports.errors import InvalidRequest, NotAllowed, NotAuthenticated
from aelus.ports.identity_providers import IdentityProviders
from aelus.ports.key_store import KeyStore
from aelus.ports.revocation_store import RevocationStore
from aelus.ports.token_issuer import TokenIssuer

DEFAULT_S = 900
MAX_S = 3600
LATE = timedelta(minutes=5)
"""A token is good for a moment longer than it says, where clocks differ: for longer than that it is kept in mind that it is refused."""


class IssueToken:
    def __init__(self, *, keys: KeyStore, tokens: TokenIssuer, clock: Clock) -> None:
        self._keys = keys
        self._tokens = tokens
        self._clock = clock

    async def __call__(
        self, by: Principal, *, scopes: Collection[Scope] | None = None, lasts_s: int = DEFAULT_S
    ) -> tuple[str, AccessToken]:
        """A token with at most the scopes of the key that is shown, for at most an hour. It ends with the key.

        Raises:
            NotAllowed: a token is shown in place of a key, or a scope is not the key's.
            InvalidRequest: it would last too long, or have no scope.
        """
        if by.key_id is None or by.tenant is None or by.role is None:
            raise NotAllowed("Only a key of a tenant can be exchanged for a token.", "Show the key itself.")
        wanted = by.scopes if scopes is None else frozenset(scopes)
        if not wanted <= by.scopes:
            raise NotAllowed("The key does not have all of these scopes itself.", "Ask for some of its own.")
        if not wanted or not 1 <= lasts_s <= MAX_S:
            raise InvalidRequest("A token has at least one scope, and lasts for 1 to 3600 seconds.", "Ask for less.")
        key, now = await self._keys.get(by.tenant, by.key_id), self._clock.now().replace(microsecond=0)
        token = AccessToken(
            id=uuid4().hex,
            key_prefix=key.prefix,
            tenant=by.tenant,
            subject=by.subject,
            role=by.role,
            scopes=wanted,
            issued_at=now,
            expires_at=now + timedelta(seconds=lasts_s),
        )
        return await self._tokens.sign(token), token


class RevokeToken:
    def __init__(self, *, tokens: TokenIssuer, providers: IdentityProviders, revocations: RevocationStore, clock: Clock) -> None:
        self._tokens = tokens
        self._providers = providers
        self._revocations = revocations
        self._clock = clock

    async def __call__(self, by: Principal, text: str) -> None:
        """Refuse a token of the caller's tenant from now on, of this service or of an issuer that it believes.

        What is no such token is refused anyway, and nothing happens. Raises:
            InvalidRequest: it is an API key, or the token's issuer has given it no id.
            Unavailable: the issuer's keys cannot be had now.
        """
        if is_key(text):
            raise InvalidRequest(
                "This would end an access token, and was given an API key.", "Name the `token`; keys are revoked by their id."
            )
        try:
            tenant, named, expires_at = await self._read(text)
        except NotAuthenticated:
            return
        if tenant != by.tenant:
            return
        if not named:
            raise InvalidRequest("The token has no id (jti), by which it could be refused.", "Have its issuer end it.")
        await self._revocations.revoke(tenant, named, expires_at=expires_at + LATE, now=self._clock.now())

    async def _read(self, text: str) -> tuple[TenantId, str, datetime]:
        """Whose a token is, what it is called, and when it ends."""
        if self._tokens.issued(text):
            token = await self._tokens.read(text)
            return token.tenant, token.id, token.expires_at
        identity = await self._providers.identify(text)
        return identity.tenant, identity.named, identity.expires_at
