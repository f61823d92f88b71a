"""A cache within one process, of bounded size."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Final

from aelus.domain.tenancy import TenantId

MAX_BYTES: Final = 64 * 1024 * 1024
ENTRY_BYTES: Final = 200
"""What an entry takes beside its value, about."""


class MemoryCache:
    """What was not asked for longest is forgotten first, of whatever tenant."""

    def __init__(self, *, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._size_bytes = 0
        self._entries: OrderedDict[tuple[TenantId, str], tuple[float, bytes]] = OrderedDict()

    async def get(self, tenant: TenantId, key: str) -> bytes | None:
        entry = self._entries.get((tenant, key))
        if entry is None:
            return None
        if entry[0] <= time.monotonic():
            self._forget((tenant, key))
            return None
        self._entries.move_to_end((tenant, key))
        return entry[1]

    async def put(self, tenant: TenantId, key: str, value: bytes, *, ttl_s: float) -> None:
        self._forget((tenant, key))
        if len(value) + ENTRY_BYTES > self._max_bytes:
            return
        self._entries[tenant, key] = (time.monotonic() + ttl_s, value)
        self._size_bytes += len(value) + ENTRY_BYTES
        while self._size_bytes > self._max_bytes:
            self._forget(next(iter(self._entries)))

    async def forget(self, tenant: TenantId) -> None:
        for name in [name for name in self._entries if name[0] == tenant]:
            self._forget(name)

    @property
    def size_bytes(self) -> int:
        """What it holds, about."""
        return self._size_bytes

    def _forget(self, name: tuple[TenantId, str]) -> None:
        entry = self._entries.pop(name, None)
        if entry is not None:
            self._size_bytes -= len(entry[1]) + ENTRY_BYTES
