"""Let a caller in, or tell when to come back."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import Final
from uuid import UUID

from aelus.application.known_quotas import KnownQuotas
from aelus.application.meter_requests import MeterRequests
from aelus.domain.identity import Principal
from aelus.ports.errors import Unavailable
from aelus.ports.rate_limiter import RateLimiter, Verdict, Window

NOBODY: Final = UUID(int=0)
"""Whose the windows of strangers are."""
PAUSE_S: Final = 5.0
"""After a failure, for so long the shared limiter is not asked."""
MAX_BARRED: Final = 10_000
"""Addresses that are kept in mind, the latest ones."""


class LimitRequests:
    """A tenant has its quota of requests in a second, and each of its credentials at most a share of it.

    Args:
        limiter: counts for all processes.
        own: counts for this process alone, while the other is away: then each process lets in as many as all of them should.
        key_share: of the tenant's quota, that one credential may use.
        strangers: requests in a second that one address may send without a credential, and as many with one that is not good.
    """

    def __init__(
        self,
        *,
        limiter: RateLimiter,
        own: RateLimiter,
        quotas: KnownQuotas,
        meter: MeterRequests,
        key_share: float,
        strangers: int,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limiter = limiter
        self._own = own
        self._quotas = quotas
        self._meter = meter
        self._key_share = key_share
        self._strangers = strangers
        self._monotonic = monotonic
        self._asks_again_at = 0.0
        self._barred: OrderedDict[str, tuple[float, Verdict]] = OrderedDict()

    async def __call__(self, principal: Principal) -> Verdict | None:
        """The verdict on one request of somebody known; None where nothing is limited. Those that are let in are counted as used."""
        if principal.tenant is None:
            return None
        quotas = await self._quotas(principal.tenant)
        verdict = None
        if quotas is not None:
            whole = Window(name="tenant", limit=quotas.requests_per_second)
            share = Window(name=f"key:{principal.credential}", limit=max(1, int(whole.limit * self._key_share)) if whole.limit else 0)
            verdict = await self._take(principal.tenant, (whole, share))
        if verdict is None or verdict.allowed:
            self._meter.count(principal.tenant)
        return verdict

    async def stranger(self, address: str) -> Verdict:
        """The same for one who shows no credential."""
        return await self._take(NOBODY, (Window(name=f"address:{address}", limit=self._strangers),))

    def barred(self, address: str) -> Verdict | None:
        """What refuses an address that has shown too many credentials that are not good; None where it may show another one."""
        until, verdict = self._barred.get(address, (0.0, None))
        left_s = until - self._monotonic()
        return None if verdict is None or left_s <= 0 else replace(verdict, retry_after_s=left_s)

    async def failed(self, address: str) -> Verdict:
        """Count a credential that is not good. One too many bars the address until there is room again."""
        verdict = await self._take(NOBODY, (Window(name=f"failed:{address}", limit=self._strangers),))
        if not verdict.allowed:
            self._barred[address] = self._monotonic() + verdict.retry_after_s, verdict
            self._barred.move_to_end(address)
            if len(self._barred) > MAX_BARRED:
                self._barred.popitem(last=False)
        return verdict

    async def _take(self, tenant: UUID, windows: tuple[Window, ...]) -> Verdict:
        if self._monotonic() >= self._asks_again_at:
            try:
                return await self._limiter.take(tenant, windows)
            except Unavailable:
                self._asks_again_at = self._monotonic() + PAUSE_S
        return await self._own.take(tenant, windows)
