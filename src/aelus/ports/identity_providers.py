"""External issuers of tokens that this service believes."""

from __future__ import annotations

from typing import Protocol

from aelus.domain.access_tokens import ExternalIdentity


class IdentityProviders(Protocol):
    async def identify(self, text: str) -> ExternalIdentity:
        """Who a token is about, once its issuer, signature, audience and times are checked.

        Raises:
            NotAuthenticated: no configured issuer, or it does not hold, or it names no tenant.
            Unavailable: the issuer's keys cannot be had now.
        """
        ...

    @property
    def issuers(self) -> tuple[str, ...]:
        """Those that are believed."""
        ...
