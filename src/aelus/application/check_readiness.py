"""Whether the service can do its work now."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aelus.ports.errors import PortError

Check = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    checks: Mapping[str, bool]
    """Outcome by the name of what was checked."""

    @property
    def ready(self) -> bool:
        return all(self.checks.values())


class CheckReadiness:
    def __init__(self, *, checks: Mapping[str, Check], timeout_s: float = 3.0) -> None:
        self._checks = checks
        self._timeout_s = timeout_s

    async def __call__(self) -> Readiness:
        """Ask every part at once. One that raises a port's error or does not answer in time is not ready."""
        outcomes = await asyncio.gather(*(self._ask(check) for check in self._checks.values()))
        return Readiness(checks=dict(zip(self._checks, outcomes, strict=True)))

    async def _ask(self, check: Check) -> bool:
        try:
            async with asyncio.timeout(self._timeout_s):
                return await check()
        except (PortError, TimeoutError):
            return False
