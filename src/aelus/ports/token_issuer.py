"""Access tokens of this service: signed here, checked by anybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from aelus.domain.access_tokens import AccessToken


class TokenIssuer(Protocol):
    async def sign(self, token: AccessToken) -> str:
        """Raises Misconfigured: there is no key to keep the signing keys with. Unavailable."""
        ...

    async def read(self, text: str) -> AccessToken:
        """What a token of this service says, once signature, audience and times are checked. Raises NotAuthenticated."""
        ...

    def issued(self, text: str) -> bool:
        """Whether a text claims to be one of this service's. Proves nothing."""
        ...

    async def public_keys(self) -> Sequence[Mapping[str, str]]:
        """The keys to check signatures with, as JSON Web Keys; the one that signs now first."""
        ...
