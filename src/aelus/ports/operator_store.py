"""Credentials of those who run the service. No tenant's request reaches this port but by showing one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from aelus.domain.credentials import KeyId, OperatorKey


class OperatorStore(Protocol):
    async def add(self, key: OperatorKey, digest: bytes) -> None: ...

    async def find(self, prefix: str) -> tuple[OperatorKey, bytes] | None:
        """The key with this public part, and its digest."""
        ...

    async def list(self) -> Sequence[OperatorKey]:
        """Oldest first."""
        ...

    async def replace(self, key: OperatorKey) -> None:
        """Write name and lifetime. Raises NotFound."""
        ...

    async def get(self, key: KeyId) -> OperatorKey:
        """Raises NotFound."""
        ...
