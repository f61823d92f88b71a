"""Messages in line, tenant by tenant in turn."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Iterable

from aelus.domain.tenancy import TenantId
from aelus.ports.queue import JobMessage

TURNS_KEPT = 10_000
"""Tenants whose last turn is remembered."""


class FairLine:
    """The tenant whose last turn is the longest ago comes next, one that never had a turn before all; a tenant's own messages in order."""

    def __init__(self) -> None:
        self._waiting: dict[TenantId, deque[tuple[float, JobMessage]]] = {}
        self._turns: OrderedDict[TenantId, int] = OrderedDict()
        self._turn = 0

    def put(self, message: JobMessage) -> None:
        self._waiting.setdefault(message.tenant, deque()).append((time.monotonic(), message))

    def take(self) -> JobMessage | None:
        """The next message; None where none waits."""
        if not self._waiting:
            return None
        tenant = min(self._waiting, key=lambda one: self._turns.get(one, 0))
        line = self._waiting[tenant]
        _, message = line.popleft()
        if not line:
            del self._waiting[tenant]
        self._note_turn(tenant)
        return message

    def _note_turn(self, tenant: TenantId) -> None:
        self._turn += 1
        self._turns[tenant] = self._turn
        self._turns.move_to_end(tenant)
        if len(self._turns) > TURNS_KEPT:
            self._turns.popitem(last=False)

    def forget(self, tenant: TenantId) -> Iterable[JobMessage]:
        """Take out all messages of a tenant."""
        self._turns.pop(tenant, None)
        return [message for _, message in self._waiting.pop(tenant, ())]

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    @property
    def oldest_s(self) -> float:
        """Seconds that the oldest has waited; 0 where none does."""
        now = time.monotonic()
        return max((now - line[0][0] for line in self._waiting.values()), default=0.0)
