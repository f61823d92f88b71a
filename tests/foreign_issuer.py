"""An external issuer of tokens: its keys, its documents, and whatever it may sign."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import httpx2
import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import OKPAlgorithm, RSAAlgorithm

ISSUER = "https://id.example"


@cache
def rsa_key(_name: str) -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


class ForeignIssuer:
    """Counts what is fetched from it. `answer` replaces an answer, for issuers that are away or lie."""

    def __init__(self) -> None:
        self.keys: dict[str, RSAPrivateKey | Ed25519PrivateKey] = {"one": rsa_key("one")}
        self.fetched: list[str] = []
        self.answer: Callable[[httpx2.Request], httpx2.Response] | None = None
        self.jwks_uri = f"{ISSUER}/keys"

    def transport(self) -> httpx2.MockTransport:
        return httpx2.MockTransport(self._answer)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.fetched.append(str(request.url))
        if self.answer is not None:
            return self.answer(request)
        if request.url.path == "/.well-known/openid-configuration":
            return httpx2.Response(200, json={"issuer": ISSUER, "jwks_uri": self.jwks_uri})
        return httpx2.Response(200, json={"keys": [self._jwk(name) for name in self.keys]})

    def _jwk(self, name: str) -> dict[str, Any]:
        key = self.keys[name]
        if isinstance(key, RSAPrivateKey):
            found = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
        else:
            found = OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)
        return {**found, "kid": name, "use": "sig"}

    def sign(
        self, *, key: str = "one", algorithm: str = "RS256", lasts: timedelta = timedelta(minutes=5), kind: str = "JWT", **claims: object
    ) -> str:
        now = datetime.now(UTC)
        whole = {"iss": ISSUER, "aud": "aelus", "sub": "7", "iat": now, "exp": now + lasts, **claims}
        return jwt.encode(
            {k: v for k, v in whole.items() if v is not None}, self.keys[key], algorithm=algorithm, headers={"kid": key, "typ": kind}
        )

    def public_pem(self, name: str = "one") -> bytes:
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        return self.keys[name].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def unsigned(claims: dict[str, object], header: dict[str, object]) -> str:
    """A token with a header of one's own choice, and no signature."""
    parts = (json.dumps(part).encode() for part in (header, claims))
    return ".".join(jwt.utils.base64url_encode(part).decode() for part in parts) + "."
