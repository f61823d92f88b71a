"""What every search needs of an index, held in memory by repository and version.

It is read again when the version is another one, so what is used is what the transaction sees; what was used least lately goes when there
is no room. Whose versions a transaction sees, row level security says: nothing is held under what it does not show.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from aelus.adapters.postgres.database import Connection


class Sized(Protocol):
    @property
    def size_bytes(self) -> int: ...


Value = TypeVar("Value", bound=Sized)
Read = Callable[[Connection, UUID, Any], Awaitable[Value]]
"""Of a tenant's repository, at the version that the connection's transaction sees."""


class Held(Generic[Value]):
    """What was asked for last."""

    def __init__(self, read: Read[Value], *, max_bytes: int) -> None:
        self._read = read
        self._max_bytes = max_bytes
        self._held: OrderedDict[tuple[UUID, Any], tuple[int, Value]] = OrderedDict()
        self.size_bytes = 0
        """Of all that is held."""

    async def of(self, connection: Connection, tenant: UUID, repository: Any, version: int) -> Value:
        """Of the repository at this version, which is the one that the connection's transaction sees."""
        known = self._held.get((tenant, repository))
        if known is None or known[0] != version:
            known = version, await self._read(connection, tenant, repository)
        self._hold((tenant, repository), known)
        return known[1]

    def _hold(self, key: tuple[UUID, Any], known: tuple[int, Value]) -> None:
        """As what was asked for last, in place of what was held when the reading ended: others read meanwhile."""
        before = self._held.pop(key, None)
        self._held[key] = known
        self.size_bytes += known[1].size_bytes - (before[1].size_bytes if before else 0)
        while self.size_bytes > self._max_bytes and len(self._held) > 1:
            self.size_bytes -= self._held.popitem(last=False)[1][1].size_bytes
