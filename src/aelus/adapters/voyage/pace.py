"""Keeps calls apart, so that the service's limits per minute are not reached."""

from __future__ import annotations

import asyncio
import time
from typing import Final

_MINUTE_S: Final = 60.0


class Pace:
    """Spreads calls evenly over the minute. One for all tasks that share a key; belongs to one event loop."""

    def __init__(self, *, requests_per_minute: float, tokens_per_minute: float) -> None:
        self._request_s = _MINUTE_S / requests_per_minute
        self._token_s = _MINUTE_S / tokens_per_minute
        self._free_at = 0.0

    async def take(self, tokens: int) -> None:
        """Wait for the moment when a call of so many tokens may go."""
        now = time.monotonic()
        starts_at = max(now, self._free_at)
        self._free_at = starts_at + max(self._request_s, tokens * self._token_s)
        if starts_at > now:
            await asyncio.sleep(starts_at - now)

    def hold(self, seconds: float) -> None:
        """Let no further call go for so long: the service asked for it."""
        self._free_at = max(self._free_at, time.monotonic() + seconds)
