"""Keep the index of a folder current while somebody works in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from aelus.application.index_location import IndexLocation
from aelus.application.progress import Report, ignore
from aelus.application.reports import IndexReport
from aelus.domain.source import is_address
from aelus.domain.tenancy import TenantId
from aelus.ports.errors import Conflict, InvalidRequest
from aelus.ports.watcher import Watcher

BUSY_PAUSE_S = 0.5


class WatchFolder:
    def __init__(self, *, index: IndexLocation, watcher: Watcher) -> None:
        self._index = index
        self._watcher = watcher

    async def __call__(self, tenant: TenantId, folder: str, *, name: str = "", report: Report = ignore) -> AsyncGenerator[IndexReport]:
        """Index the folder (an absolute path), and again whenever something in it has changed; one report for each time, without end.

        Raises:
            InvalidRequest: an address, which nobody tells of changes.
            Misconfigured: the system cannot watch as many folders.
            As `IndexLocation`, but for a Conflict with somebody who is indexing the same folder at this moment: that is waited for.
        """
        if is_address(folder):
            raise InvalidRequest("An address cannot be watched.", "Give a folder; `aelus index` reads an address.")
        async with self._watcher.watch(folder) as changes:
            yield await self._index(tenant, folder, name=name, report=report)
            async for _ in changes:
                yield await self._again(tenant, folder, name)

    async def _again(self, tenant: TenantId, folder: str, name: str) -> IndexReport:
        while True:
            try:
                return await self._index(tenant, folder, name=name)
            except Conflict:
                await asyncio.sleep(BUSY_PAUSE_S)
