"""Shards of jobs in PostgreSQL."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Mapping, Sequence

import orjson

from aelus.adapters.postgres.database import Database
from aelus.adapters.postgres.facts_codec import encode_facts
from aelus.adapters.postgres.queries import load
from aelus.domain.facts import FileFacts
from aelus.domain.jobs import JobId
from aelus.domain.tenancy import TenantId
from aelus.ports.shard_store import Shard, ShardFile

SIZE_BYTES = 4
"""Of the number that says how long the list of files is."""


class PostgresShardStore:
    """What it writes need not outlast the database's death, with which the job's attempt ends; an index that is written waits for it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, tenant: TenantId, job: JobId, shards: Sequence[Shard]) -> None:
        payloads = await asyncio.to_thread(lambda: [_packed(shard.files) for shard in shards])
        async with self._database.tenant(tenant, lasting=False, doing=f"offering parts of job {job}") as connection:
            await connection.execute(load("shards", "drop_of_ended"), tenant)
            numbers, files = [shard.number for shard in shards], [len(shard.files) for shard in shards]
            await connection.execute(load("shards", "add"), tenant, job, numbers, files, payloads)

    async def take(self, tenant: TenantId, job: JobId, *, lease_s: float) -> Shard | None:
        async with self._database.tenant(tenant, lasting=False, doing=f"taking a part of job {job}") as connection:
            row = await connection.fetchrow(load("shards", "take"), tenant, job, lease_s)
        return None if row is None else Shard(number=row["number"], files=_unpacked(row["payload"]))

    async def finish(
        self, tenant: TenantId, job: JobId, number: int, facts: Mapping[str, FileFacts] | None = None, *, parser_version: str = ""
    ) -> None:
        encoded = await asyncio.to_thread(lambda: {blob: encode_facts(one) for blob, one in (facts or {}).items()})
        async with self._database.tenant(tenant, lasting=False, doing=f"ending a part of job {job}") as connection:
            if encoded:
                await connection.execute(load("index", "add_facts"), tenant, parser_version, list(encoded), list(encoded.values()))
            await connection.execute(load("shards", "finish"), tenant, job, number)

    async def left(self, tenant: TenantId, job: JobId) -> Sequence[int]:
        async with self._database.tenant(tenant, readonly=True, doing=f"looking at parts of job {job}") as connection:
            return [row["number"] for row in await connection.fetch(load("shards", "left"), tenant, job)]

    async def drop(self, tenant: TenantId, job: JobId) -> None:
        async with self._database.tenant(tenant, doing=f"removing parts of job {job}") as connection:
            await connection.execute(load("shards", "drop"), tenant, job)

    async def drop_leavings(self, tenant: TenantId) -> int:
        async with self._database.tenant(tenant, doing="removing what failed jobs have left") as connection:
            return int((await connection.execute(load("shards", "drop_leavings"), tenant)).rpartition(" ")[2])


def _packed(files: Sequence[ShardFile]) -> bytes:
    """The list of files in JSON, behind its length, and then their bytes; compressed lightly."""
    head = orjson.dumps(
        [(file.path.encode("utf-8", "surrogateescape").hex(), file.language, file.blob_hash, len(file.source)) for file in files]
    )
    return zlib.compress(b"".join((len(head).to_bytes(SIZE_BYTES, "big"), head, *[file.source for file in files])), level=1)


def _unpacked(payload: bytes) -> tuple[ShardFile, ...]:
    data = zlib.decompress(payload)
    start = SIZE_BYTES + int.from_bytes(data[:SIZE_BYTES], "big")
    files = list[ShardFile]()
    for path, language, blob_hash, size_bytes in orjson.loads(data[SIZE_BYTES:start]):
        name = bytes.fromhex(path).decode("utf-8", "surrogateescape")
        files.append(ShardFile(path=name, language=language, blob_hash=blob_hash, source=data[start : start + size_bytes]))
        start += size_bytes
    return tuple(files)
