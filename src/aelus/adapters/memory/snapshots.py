"""Reading the memory stores as one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aelus.domain.tenancy import TenantId


class MemorySnapshots:
    """There is nothing to share, and one state only: each read sees the newest."""

    @asynccontextmanager
    async def __call__(self, tenant: TenantId) -> AsyncIterator[None]:
        del tenant
        yield
