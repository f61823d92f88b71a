"""Reading several stores as one."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from aelus.domain.tenancy import TenantId


class Snapshots(Protocol):
    def __call__(self, tenant: TenantId) -> AbstractAsyncContextManager[None]:
        """Within it the stores are read at one state of them all, as far as they keep several, and share what reading takes.

        What is asked of them for another tenant, or to be written, goes its own way. A connection is held until the end: what waits for
        somebody else, a service that embeds, belongs before it. Raises Unavailable.
        """
        ...
