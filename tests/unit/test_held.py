from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from aelus.adapters.postgres.database import Connection
from aelus.adapters.postgres.held import Held

TENANT = UUID(int=1)
NO_CONNECTION = cast("Connection", None)


@dataclass(frozen=True, kw_only=True)
class Read:
    size_bytes: int = 36


class SlowReads:
    """Reads that end when all who ask have asked."""

    def __init__(self, askers: int = 1) -> None:
        self._barrier = asyncio.Barrier(askers)
        self.read = 0

    async def __call__(self, connection: Connection, tenant: UUID, repository: Any) -> Read:
        del connection, tenant, repository
        self.read += 1
        await self._barrier.wait()
        return Read()


async def test_what_several_read_at_once_counts_once() -> None:
    reads = SlowReads(5)
    held = Held(reads, max_bytes=1000)
    await asyncio.gather(*[held.of(NO_CONNECTION, TENANT, "shop", version=1) for _ in range(5)])
    assert (reads.read, held.size_bytes) == (5, 36)


async def test_another_version_is_read_anew() -> None:
    reads = SlowReads()
    held = Held(reads, max_bytes=1000)
    for version in (1, 1, 2, 2, 1):
        await held.of(NO_CONNECTION, TENANT, "shop", version=version)
    assert (reads.read, held.size_bytes) == (3, 36)


async def test_the_least_recently_used_goes_when_there_is_no_room() -> None:
    reads = SlowReads()
    held = Held(reads, max_bytes=2 * 36)
    for repository in ("one", "two", "one", "three"):
        await held.of(NO_CONNECTION, TENANT, repository, version=1)
    assert (reads.read, held.size_bytes) == (3, 2 * 36)
    await held.of(NO_CONNECTION, TENANT, "one", version=1)
    assert reads.read == 3
    await held.of(NO_CONNECTION, TENANT, "two", version=1)
    assert reads.read == 4
