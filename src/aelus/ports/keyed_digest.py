"""Recognising a secret again without keeping it."""

from __future__ import annotations

from typing import Protocol


class KeyedDigest(Protocol):
    def digest(self, secret: str) -> bytes:
        """The same for the same secret and the same key of the service; it tells nothing of either. Raises Misconfigured without a key."""
        ...
