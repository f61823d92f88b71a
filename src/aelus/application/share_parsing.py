"""Parse a large repository together with other workers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Final

from aelus.application.parse_shards import ShardRun
from aelus.application.source_intake import Intake, SourceIntake
from aelus.domain.jobs import JobId
from aelus.domain.origin import request_id
from aelus.domain.source import SourceFile
from aelus.domain.tenancy import TenantId
from aelus.ports.errors import Unavailable
from aelus.ports.parser import Parser
from aelus.ports.queue import JobMessage, Queue, Task
from aelus.ports.shard_store import Shard, ShardFile, ShardStore

LEAST_BYTES: Final = 2_000_000
"""Less code than this (some 60,000 lines) is parsed alone: handing it out would take longer."""
SHARDS_OF_LEAST: Final = 16
"""Shards that such a job is divided into; a larger one has more, of the same size."""
SHARD_FILES: Final = 64
ADDED_AT_ONCE: Final = 16
MAX_HELPERS: Final = 8
"""Workers that are asked for help."""
POLL_S: Final = 0.1


class ShareParsing:
    """Offers the files as shards, asks other workers for help, parses shards itself, and waits for the last one of theirs.

    Nothing depends on help: who never comes takes nothing, and what a killed helper had is done again when its time is up.
    """

    def __init__(self, *, shards: ShardStore, queue: Queue, parser: Parser, lease_s: float, least_bytes: int = LEAST_BYTES) -> None:
        self._shards = shards
        self._queue = queue
        self._parser = parser
        self._lease_s = lease_s
        self._least_bytes = least_bytes
        self._shard_bytes = least_bytes // SHARDS_OF_LEAST

    async def __call__(self, tenant: TenantId, job: JobId, files: Sequence[SourceFile], source: SourceIntake) -> Intake | None:
        """Parse the files, unless they are few: None then. Returns what was parsed here; what others parsed is among the stored facts.

        A file that is in neither changed meanwhile, or failed elsewhere: it is left to be parsed alone.
        """
        if not files or sum(file.size_bytes for file in files) < self._least_bytes:
            return None
        intake = Intake()
        try:
            count = await self._offer(tenant, job, files, source)
            await self._ask(tenant, job, helpers=min(count - 1, MAX_HELPERS))
            await self._work(tenant, job, intake, source, total=len(files))
        finally:
            await self._shards.drop(tenant, job)
        return intake

    async def _offer(self, tenant: TenantId, job: JobId, files: Sequence[SourceFile], source: SourceIntake) -> int:
        await self._shards.drop(tenant, job)
        waiting, count = list[Shard](), 0
        async for group in _groups(source.read(files), self._shard_bytes):
            waiting.append(Shard(number=count, files=tuple(group)))
            count += 1
            if len(waiting) == ADDED_AT_ONCE:
                await self._shards.add(tenant, job, waiting)
                waiting = []
        await self._shards.add(tenant, job, waiting)
        return count

    async def _ask(self, tenant: TenantId, job: JobId, *, helpers: int) -> None:
        with suppress(Unavailable):  # then it is done without help
            for _ in range(helpers):
                await self._queue.publish(JobMessage(tenant=tenant, job=job, task=Task.FILES, request_id=request_id()))

    async def _work(self, tenant: TenantId, job: JobId, intake: Intake, source: SourceIntake, *, total: int) -> None:
        left = total
        while left:
            run = ShardRun(shards=self._shards, parser=self._parser, tenant=tenant, job=job, lease_s=self._lease_s)
            async for done in run.parsed():
                for outcome in done.outcomes:
                    intake.take(outcome)
                await self._shards.finish(tenant, job, done.shard.number)
                source.note_parsed(total - await self._shards.files_left(tenant, job), total)
            left = await self._shards.files_left(tenant, job)
            source.note_parsed(total - left, total)
            await asyncio.sleep(POLL_S if left else 0)


async def _groups(files: AsyncIterator[tuple[SourceFile, bytes | None]], most_bytes: int) -> AsyncIterator[list[ShardFile]]:
    group, size_bytes = list[ShardFile](), 0
    async for file, source in files:
        if source is None:
            continue
        if group and (len(group) == SHARD_FILES or size_bytes + len(source) > most_bytes):
            yield group
            group, size_bytes = [], 0
        group.append(ShardFile(path=file.path, language=file.language, blob_hash=file.blob_hash, source=source))
        size_bytes += len(source)
    if group:
        yield group
