"""How many calls in how much time: a sliding window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from aelus.domain.tenancy import TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """At most `limit` calls within any `seconds`, of what is called `name` within a tenant."""

    name: str
    limit: int
    seconds: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Of the window with the least left."""

    allowed: bool
    window: Window
    remaining: int
    reset_s: float
    """Until the window is empty again, if nothing more comes."""
    retry_after_s: float = 0.0
    """Until the next call would be allowed; 0 where this one is."""


class RateLimiter(Protocol):
    async def take(self, tenant: TenantId, windows: Sequence[Window]) -> Verdict:
        """Count one call in all of the windows, if all of them have room, and in none otherwise.

        Never more calls are allowed than a window has room for, however many ask at once.

        Raises Unavailable.
        """
        ...
