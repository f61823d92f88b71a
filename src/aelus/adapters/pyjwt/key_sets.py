"""The key sets of external issuers: fetched from the issuer alone, bounded, kept, and fetched again when it has new keys.

Source: OpenID Connect Discovery 1.0, RFC 7517.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
import structlog

from aelus.ports.errors import Unavailable

TIMEOUT_S: Final = 5.0
MAX_BYTES: Final = 512 * 1024
MAX_KEYS: Final = 100
FRESH_S: Final = 3600.0
"""For so long a key set is not fetched again, unless a token names a key that is not in it."""
STALE_S: Final = 24 * 3600.0
"""For so long an old one serves, while the issuer is away."""
RELOAD_S: Final = 10.0
"""Unknown keys, and failures, let it be fetched again this often at most."""

FAILURES: Final = (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""Whatever an issuer may do instead of answering, and whatever it may answer."""

Jwk = Mapping[str, Any]
log = structlog.get_logger("aelus.issuers")


class KeySet:
    """Of one issuer. Args: jwks_url: its address where it is not that of the discovery document. timeout_s: of one step of an answer."""

    def __init__(
        self, issuer: str, *, jwks_url: str = "", transport: httpx2.AsyncBaseTransport | None = None, timeout_s: float = TIMEOUT_S
    ) -> None:
        self._timeout_s = timeout_s
        self._issuer = issuer
        self._jwks_url = jwks_url
        self._transport = transport
        self._keys: Sequence[Jwk] = ()
        self._fetched_at = float("-inf")
        self._tried_at = float("-inf")
        self._turn = asyncio.Lock()

    async def find(self, identifier: object) -> Jwk | None:
        """The key of this id. Raises Unavailable: the issuer is away, and has been for long."""
        if time.monotonic() - self._fetched_at > FRESH_S or self._named(identifier) is None:
            async with self._turn:
                if (time.monotonic() - self._tried_at > RELOAD_S and self._named(identifier) is None) or self._is_old():
                    await self._renew()
                self._check_age()
        return self._named(identifier)

    def _named(self, identifier: object) -> Jwk | None:
        return next((key for key in self._keys if key.get("kid") == identifier), None)

    def _is_old(self) -> bool:
        now = time.monotonic()
        return now - self._fetched_at > FRESH_S and now - self._tried_at > RELOAD_S

    async def _renew(self) -> None:
        self._tried_at = time.monotonic()
        try:
            self._keys = await self._fetch()
            self._fetched_at = time.monotonic()
        except FAILURES as error:
            log.warning("issuer_away", issuer=self._issuer, error=type(error).__name__)

    def _check_age(self) -> None:
        """Raises Unavailable: what there is has not been heard again from the issuer for so long that it may have withdrawn it."""
        if time.monotonic() - self._fetched_at > STALE_S:
            raise Unavailable(f"The keys of the issuer {self._issuer} cannot be had now.", "Try again.")

    async def _fetch(self) -> Sequence[Jwk]:
        async with httpx2.AsyncClient(
            timeout=self._timeout_s, follow_redirects=False, transport=self._transport, trust_env=False
        ) as client:
            address = self._jwks_url or await self._discovered(client)
            keys = (await self._document(client, address))["keys"]
        return [key for key in keys[:MAX_KEYS] if isinstance(key, dict) and key.get("use", "sig") == "sig" and key.get("kty") != "oct"]

    async def _discovered(self, client: httpx2.AsyncClient) -> str:
        document = await self._document(client, f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        address = document["jwks_uri"]
        if document["issuer"] != self._issuer or _origin(address) != _origin(self._issuer):
            raise ValueError("The discovery document speaks for another issuer, or its keys lie on another server.")
        return str(address)

    async def _document(self, client: httpx2.AsyncClient, address: str) -> Mapping[str, Any]:
        async with asyncio.timeout(2 * self._timeout_s), client.stream("GET", address) as response:
            response.raise_for_status()
            body = bytearray()
            async for part in response.aiter_bytes():
                body += part
                if len(body) > MAX_BYTES:
                    raise ValueError("The answer is too long.")
        document = json.loads(bytes(body))
        if not isinstance(document, dict):
            raise TypeError("The answer is no object.")
        return document


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc.lower()
