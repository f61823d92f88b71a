"""Shards of jobs in memory."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from aelus.adapters.memory.state import MemoryDatabase
from aelus.domain.facts import FileFacts
from aelus.domain.jobs import JobId
from aelus.domain.tenancy import TenantId
from aelus.ports.errors import NotFound
from aelus.ports.shard_store import Shard


class MemoryShardStore:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def add(self, tenant: TenantId, job: JobId, shards: Sequence[Shard]) -> None:
        data = self._database.of(tenant)
        if job not in data.jobs:
            raise NotFound(f"There is no job {job}.")
        for key in [key for key in data.shards if key[0] not in data.jobs or data.jobs[key[0]].state.ended]:
            del data.shards[key]
        data.shards.update({(job, shard.number): (shard, 0.0) for shard in shards})

    async def take(self, tenant: TenantId, job: JobId, *, lease_s: float) -> Shard | None:
        shards, now = self._database.of(tenant).shards, time.monotonic()
        for key in sorted(key for key in shards if key[0] == job):
            shard, taken_until = shards[key]
            if taken_until <= now:
                shards[key] = (shard, now + lease_s)
                return shard
        return None

    async def finish(
        self, tenant: TenantId, job: JobId, number: int, facts: Mapping[str, FileFacts] | None = None, *, parser_version: str = ""
    ) -> None:
        data = self._database.of(tenant)
        data.facts.update({(blob, parser_version): one for blob, one in (facts or {}).items()})
        data.shards.pop((job, number), None)

    async def left(self, tenant: TenantId, job: JobId) -> Sequence[int]:
        return sorted(number for one, number in self._database.of(tenant).shards if one == job)

    async def drop_leavings(self, tenant: TenantId) -> int:
        data = self._database.of(tenant)
        if any(not job.state.ended for job in data.jobs.values()):
            return 0
        used = {file.state.blob_hash for index in data.indexes.values() for file in index.files.values()}
        left = [key for key in data.facts if key[0] not in used]
        for key in left:
            del data.facts[key]
        return len(left)

    async def drop(self, tenant: TenantId, job: JobId) -> None:
        shards = self._database.of(tenant).shards
        for key in [key for key in shards if key[0] == job]:
            del shards[key]
