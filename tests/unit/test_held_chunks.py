from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from aelus.adapters.postgres.database import Connection
from aelus.adapters.postgres.held_chunks import HeldChunks, Place
from aelus.domain.chunks import Chunk

TENANT = UUID(int=1)
SHOP = UUID(int=2)
BANK = UUID(int=3)
SIZE_BYTES = 705
"""Of a chunk below, as they are counted."""


class Rows:
    """A connection that has the chunks 0 to 9 of every repository, and notes which it was asked for."""

    def __init__(self) -> None:
        self.read: list[Place] = []

    async def fetch(self, statement: str, tenant: UUID, repositories: str, numbers: str) -> list[dict[str, Any]]:
        del statement, tenant
        named = [UUID(name) for name in repositories.strip("{}").split(",")]
        asked = list(zip(named, map(int, numbers.strip("{}").split(",")), strict=True))
        self.read += asked
        await asyncio.sleep(0)
        return [{"repository_id": repository, "number": number, **_columns(number)} for repository, number in asked if number < 10]


def _columns(number: int) -> dict[str, Any]:
    names = {"kind": "Function", "qualified_name": "f", "node_id": "", "language": "python", "content_hash": ""}
    return {"chunk_id": UUID(int=number), "path": "f.py", "start_line": number, "end_line": number, "text": "f(1)\n", **names}


async def found(held: HeldChunks, rows: Rows, places: Sequence[Place], *, version: int = 1) -> list[Chunk | None]:
    return await held.of(cast("Connection", rows), TENANT, {SHOP: version, BANK: version}, places)


async def test_chunks_come_in_the_order_of_their_places() -> None:
    chunks = await found(HeldChunks(), Rows(), [(BANK, 3), (SHOP, 1), (SHOP, 12), (BANK, 2)])
    assert [chunk and chunk.start_line for chunk in chunks] == [3, 1, None, 2]


async def test_what_is_held_is_not_read_again() -> None:
    held, rows = HeldChunks(), Rows()
    await found(held, rows, [(SHOP, 1), (SHOP, 2)])
    await found(held, rows, [(SHOP, 2), (SHOP, 3), (BANK, 1)])
    assert rows.read == [(SHOP, 1), (SHOP, 2), (SHOP, 3), (BANK, 1)]


async def test_another_version_is_read_anew() -> None:
    held, rows = HeldChunks(), Rows()
    for version in (1, 2, 2, 1):
        await found(held, rows, [(SHOP, 1)], version=version)
    assert (len(rows.read), held.size_bytes) == (3, SIZE_BYTES)


async def test_another_tenant_finds_nothing_that_is_held() -> None:
    held, rows = HeldChunks(), Rows()
    for tenant in (TENANT, UUID(int=9)):
        await held.of(cast("Connection", rows), tenant, {SHOP: 1}, [(SHOP, 1)])
    assert rows.read == [(SHOP, 1)] * 2


async def test_what_several_read_at_once_counts_once() -> None:
    held, rows = HeldChunks(), Rows()
    await asyncio.gather(*[found(held, rows, [(SHOP, 1)]) for _ in range(5)])
    assert held.size_bytes == SIZE_BYTES


async def test_the_repository_that_was_asked_least_lately_goes_when_there_is_no_room() -> None:
    held, rows = HeldChunks(max_bytes=3 * SIZE_BYTES), Rows()
    await found(held, rows, [(SHOP, 1), (SHOP, 2)])
    await found(held, rows, [(BANK, 1), (BANK, 2)])
    assert held.size_bytes == 2 * SIZE_BYTES
    await found(held, rows, [(BANK, 1), (SHOP, 1)])
    assert rows.read[4:] == [(SHOP, 1)]


async def test_one_search_may_find_more_than_is_held() -> None:
    held, rows = HeldChunks(max_bytes=SIZE_BYTES), Rows()
    assert None not in await found(held, rows, [(SHOP, 1), (SHOP, 2)])
    assert held.size_bytes == 0
