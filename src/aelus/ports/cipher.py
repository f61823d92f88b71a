"""Keeping secrets where others may read."""

from __future__ import annotations

from typing import Protocol


class Cipher(Protocol):
    def seal(self, secret: str, *, context: str) -> bytes:
        """Encrypt. `context` says what the secret belongs to; it is opened for the same one only. Raises Misconfigured without a key."""
        ...

    def open(self, sealed: bytes, *, context: str) -> str:
        """Decrypt. Raises Misconfigured: there is no key, or another one, or it was sealed for something else."""
        ...
