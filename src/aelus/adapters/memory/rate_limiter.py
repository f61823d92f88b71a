"""Sliding windows within one process."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from aelus.domain.tenancy import TenantId
from aelus.ports.rate_limiter import Verdict, Window

MAX_WINDOWS: Final = 100_000
"""Windows that are kept before empty ones make room."""


class MemoryRateLimiter:
    def __init__(self, clock: Callable[[], float] = time.monotonic, *, max_windows: int = MAX_WINDOWS) -> None:
        self._clock = clock
        self._max_windows = max_windows
        self._sweeps_at = max_windows
        self._calls: dict[tuple[TenantId, str], deque[float]] = {}

    async def take(self, tenant: TenantId, windows: Sequence[Window]) -> Verdict:
        now = self._clock()
        if len(self._calls) > self._sweeps_at:
            self._sweep(now - max(window.seconds for window in windows))
        known = [(window, self._recent(tenant, window, now)) for window in windows]
        allowed = all(len(calls) < window.limit for window, calls in known)
        if allowed:
            for _, calls in known:
                calls.append(now)
        return min((_verdict(window, calls, now, allowed=allowed) for window, calls in known), key=_strictness)

    def _sweep(self, oldest: float) -> None:
        """Not again before as many have come as were left: however many are in use, a call costs the same on the average."""
        self._calls = {name: calls for name, calls in self._calls.items() if calls and calls[-1] > oldest}
        self._sweeps_at = max(self._max_windows, 2 * len(self._calls))

    def _recent(self, tenant: TenantId, window: Window, now: float) -> deque[float]:
        """The calls that the window still sees."""
        calls = self._calls.setdefault((tenant, window.name), deque())
        while calls and calls[0] <= now - window.seconds:
            calls.popleft()
        return calls


def _verdict(window: Window, calls: deque[float], now: float, *, allowed: bool) -> Verdict:
    room = window.limit - len(calls)
    reset_s = calls[-1] + window.seconds - now if calls else 0.0
    wait_s = 0.0
    if not allowed and room <= 0:
        wait_s = calls[-window.limit] + window.seconds - now if window.limit else window.seconds
    return Verdict(allowed=allowed, window=window, remaining=max(0, room), reset_s=reset_s, retry_after_s=wait_s)


def _strictness(verdict: Verdict) -> tuple[float, int]:
    """The window that is waited for longest comes first, else the one with the least left."""
    return -verdict.retry_after_s, verdict.remaining
