"""One secret of the service, many keys: each purpose has its own. Source: RFC 5869."""

from __future__ import annotations

from collections.abc import Callable

from aelus.ports.errors import Misconfigured

Secret = Callable[[], str]
"""Gives a secret of at least 32 characters when it is first needed."""


def derived_key(secret: Secret | None, purpose: bytes) -> bytes:
    """32 bytes. The package is imported when it is first needed, too: most commands open no secret.

    Raises Misconfigured: there is no secret.
    """
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    if secret is None:
        raise Misconfigured(
            "Secrets and keys cannot be kept or opened without a key of the service.",
            "Set AELUS_SECRET_KEY to a random text of at least 32 characters, the same for every process.",
        )
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret().encode())
