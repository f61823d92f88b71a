"""Give out a short-lived access token for a key, and let tokens open nothing any more."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import uuid4

from aelus.domain.access_tokens import AccessToken
from aelus.domain.identity import Principal, Scope
from aelus.ports.clock import Clock
from aelus.ports.errors import InvalidRequest, NotAllowed, NotAuthenticated
from aelus.ports.key_store import KeyStore
from aelus.ports.revocation_store import RevocationStore
from aelus.ports.token_issuer import TokenIssuer

DEFAULT_S = 900
MAX_S = 3600


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
    def __init__(self, *, tokens: TokenIssuer, revocations: RevocationStore, clock: Clock) -> None:
        self._tokens = tokens
        self._revocations = revocations
        self._clock = clock

    async def __call__(self, by: Principal, text: str) -> None:
        """Refuse an access token of the caller's tenant from now on. What is no such token is refused anyway, and nothing happens."""
        try:
            token = await self._tokens.read(text)
        except NotAuthenticated:
            return
        if token.tenant == by.tenant:
            await self._revocations.revoke(token.tenant, token.id, expires_at=token.expires_at, now=self._clock.now())
