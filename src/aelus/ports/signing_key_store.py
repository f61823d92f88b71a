"""Keys that sign tokens, which all processes of a service share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from aelus.domain.access_tokens import SigningKey


class SigningKeyStore(Protocol):
    async def live(self, now: datetime) -> Sequence[SigningKey]:
        """Those that have not expired, the newest first."""
        ...

    async def renew(self, key: SigningKey, *, unless_since: datetime) -> Sequence[SigningKey]:
        """Add a key, unless one was made at that moment or later; of several processes that do so at once, one does. As `live`.

        Those that had expired when the key was made are removed.
        """
        ...
