"""HMAC-SHA-256 with a key derived from the service's secret. Source: RFC 2104.

What is digested are random texts of 256 bits, which nobody can guess: a slow function for passwords would add nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import cached_property
from typing import Final

from aelus.adapters.cryptography.derivation import Secret, derived_key

PURPOSE: Final = b"aelus api keys"


class HmacDigest:
    """Args: secret: of the service; None where there is none, so that no key can be given out or recognised."""

    def __init__(self, secret: Secret | None) -> None:
        self._secret = secret

    def digest(self, secret: str) -> bytes:
        return hmac.new(self._key, secret.encode(), hashlib.sha256).digest()

    @cached_property
    def _key(self) -> bytes:
        return derived_key(self._secret, PURPOSE)
