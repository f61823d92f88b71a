"""Pacing within one process."""

from __future__ import annotations

import asyncio


class MemoryPacer:
    def __init__(self) -> None:
        self._free_at: dict[str, float] = {}

    async def reserve(self, name: str, seconds: float) -> float:
        now = asyncio.get_running_loop().time()
        starts_at = max(now, self._free_at.get(name, 0.0))
        self._free_at[name] = starts_at + seconds
        return starts_at - now

    async def hold(self, name: str, seconds: float) -> None:
        self._free_at[name] = max(self._free_at.get(name, 0.0), asyncio.get_running_loop().time() + seconds)
