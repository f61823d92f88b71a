"""Access tokens signed with Ed25519 by a key set that renews itself. Source: RFC 8037, RFC 9068."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jwt.algorithms import OKPAlgorithm

from aelus.adapters.pyjwt.checking import checked, claimed_issuer, header_of, refused
from aelus.domain.access_tokens import AccessToken, SigningKey
from aelus.domain.identity import Role, Scope
from aelus.ports.cipher import Cipher
from aelus.ports.clock import Clock
from aelus.ports.errors import NotAuthenticated
from aelus.ports.signing_key_store import SigningKeyStore

ISSUER: Final = "aelus"
AUDIENCE: Final = "aelus"
ALGORITHM: Final = "EdDSA"
TYPE: Final = "at+jwt"
SIGNS_FOR: Final = timedelta(days=7)
CHECKS_FOR: Final = SIGNS_FOR + timedelta(days=1)
"""Longer than any token lasts that it has signed."""
FRESH_S: Final = 60.0
"""For so long the key set is not read again, unless a token names a key that is not in it."""
RELOAD_S: Final = 2.0
"""Unknown keys let it be read again this often at most."""


class JwtIssuer:
    """Args: keys: shared by all processes. cipher: keeps their private parts."""

    def __init__(self, *, keys: SigningKeyStore, cipher: Cipher, clock: Clock) -> None:
        self._store = keys
        self._cipher = cipher
        self._clock = clock
        self._keys: Sequence[SigningKey] = ()
        self._read_at = -FRESH_S

    async def sign(self, token: AccessToken) -> str:
        key = await self._signing_key()
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": token.subject,
            "jti": token.id,
            "iat": int(token.issued_at.timestamp()),
            "exp": int(token.expires_at.timestamp()),
            "tenant_id": str(token.tenant),
            "roles": [token.role.value],
            "scope": " ".join(sorted(token.scopes)),
            "key": token.key_prefix,
        }
        private = self._cipher.open(key.sealed, context=_context(key.id))
        return jwt.encode(claims, private, algorithm=ALGORITHM, headers={"kid": key.id, "typ": TYPE})

    async def read(self, text: str) -> AccessToken:
        header = header_of(text)
        key = await self._checking_key(header.get("kid"))
        if key is None or header.get("typ") != TYPE:
            raise NotAuthenticated("The token is not one of this service.")
        with refused():
            public = jwt.PyJWK(json.loads(key.public), algorithm=ALGORITHM)
            claims = checked(text, public, algorithms=[ALGORITHM], audience=AUDIENCE, issuer=ISSUER, required=("jti", "tenant_id", "key"))
            return _token(claims)

    def issued(self, text: str) -> bool:
        return claimed_issuer(text) == ISSUER

    async def public_keys(self) -> Sequence[Mapping[str, str]]:
        await self._signing_key()
        return [json.loads(key.public) for key in await self._live()]

    async def _signing_key(self) -> SigningKey:
        now = self._clock.now()
        newest = next(iter(await self._live()), None)
        if newest is None or now - newest.created_at >= SIGNS_FOR:
            self._keep(await self._store.renew(self._made(now), unless_since=now - SIGNS_FOR + timedelta(microseconds=1)))
        return self._keys[0]

    async def _checking_key(self, identifier: object) -> SigningKey | None:
        found = _find(await self._live(), identifier)
        if found is None and time.monotonic() - self._read_at > RELOAD_S:
            self._keep(await self._store.live(self._clock.now()))
            found = _find(self._keys, identifier)
        return found

    async def _live(self) -> Sequence[SigningKey]:
        if time.monotonic() - self._read_at > FRESH_S:
            self._keep(await self._store.live(self._clock.now()))
        now = self._clock.now()
        return [key for key in self._keys if key.expires_at > now]

    def _keep(self, keys: Sequence[SigningKey]) -> None:
        self._keys, self._read_at = keys, time.monotonic()

    def _made(self, now: datetime) -> SigningKey:
        private, identifier = Ed25519PrivateKey.generate(), uuid4().hex
        public = {**OKPAlgorithm.to_jwk(private.public_key(), as_dict=True), "kid": identifier, "use": "sig", "alg": ALGORITHM}
        text = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        return SigningKey(
            id=identifier,
            public=json.dumps(public),
            sealed=self._cipher.seal(text, context=_context(identifier)),
            created_at=now,
            expires_at=now + CHECKS_FOR,
        )


def _context(identifier: str) -> str:
    return f"signing key {identifier}"


def _find(keys: Sequence[SigningKey], identifier: object) -> SigningKey | None:
    return next((key for key in keys if key.id == identifier), None)


def _token(claims: Mapping[str, Any]) -> AccessToken:
    return AccessToken(
        id=str(claims["jti"]),
        key_prefix=str(claims["key"]),
        tenant=UUID(claims["tenant_id"]),
        subject=claims["sub"],
        role=Role(claims["roles"][0]),
        scopes=frozenset(Scope(scope) for scope in claims["scope"].split()),
        issued_at=datetime.fromtimestamp(claims["iat"], UTC),
        expires_at=datetime.fromtimestamp(claims["exp"], UTC),
    )
