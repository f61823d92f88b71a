"""AES-256-GCM with a key derived from one secret. Source: NIST SP 800-38D, RFC 5869."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Final

from aelus.adapters.cryptography.derivation import Secret, derived_key
from aelus.ports.errors import Misconfigured

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES: Final = 12
FORMAT: Final = b"\x01"
"""First byte of what is sealed: which form the rest has."""
PURPOSE: Final = b"aelus repository secrets"


class AesGcmCipher:
    """Args: key: gives a secret of at least 32 characters when it is first needed; None where there is no key, so that nothing is kept.

    The package is imported when it is first needed, too: most commands open no secret.
    """

    def __init__(self, key: Secret | None) -> None:
        self._key = key

    def seal(self, secret: str, *, context: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return FORMAT + nonce + self._cipher.encrypt(nonce, secret.encode(), context.encode())

    def open(self, sealed: bytes, *, context: str) -> str:
        from cryptography.exceptions import InvalidTag

        nonce, text = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, text, context.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise Misconfigured(
                "A secret that is kept cannot be opened with this key.",
                "Set AELUS_SECRET_KEY to the one that it was kept with, or set the secret anew.",
            ) from error

    @cached_property
    def _cipher(self) -> AESGCM:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(derived_key(self._key, PURPOSE))
