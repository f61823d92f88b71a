"""Token issuers that are made when the first token comes: what they need takes a tenth of a second to load, and few commands need it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from aelus.domain.access_tokens import AccessToken, ExternalIdentity
from aelus.ports.identity_providers import IdentityProviders
from aelus.ports.token_issuer import TokenIssuer


class LateTokenIssuer:
    def __init__(self, make: Callable[[], TokenIssuer]) -> None:
        self._make = make

    @cached_property
    def _issuer(self) -> TokenIssuer:
        return self._make()

    async def sign(self, token: AccessToken) -> str:
        return await self._issuer.sign(token)

    async def read(self, text: str) -> AccessToken:
        return await self._issuer.read(text)

    def issued(self, text: str) -> bool:
        return self._issuer.issued(text)

    async def public_keys(self) -> Sequence[Mapping[str, str]]:
        return await self._issuer.public_keys()


class LateProviders:
    def __init__(self, issuers: Sequence[str], make: Callable[[], IdentityProviders]) -> None:
        self._issuers = tuple(issuers)
        self._make = make

    @property
    def issuers(self) -> tuple[str, ...]:
        return self._issuers

    @cached_property
    def _providers(self) -> IdentityProviders:
        return self._make()

    async def identify(self, text: str) -> ExternalIdentity:
        return await self._providers.identify(text)
