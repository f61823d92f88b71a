"""Parse a large repository together with other workers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
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
ALWAYS_OF_LEAST: Final = 10
"""Times as much code is offered to others even while all of them are busy: they may be free before it is parsed."""
SHARDS_OF_LEAST: Final = 16
"""Shards that such a job is divided into; a larger one has more, of the same size."""
SHARD_FILES: Final = 64
ADDED_AT_ONCE: Final = 16
MAX_HELPERS: Final = 8
"""Workers that are asked for help."""
POLL_S: Final = 0.1

Theirs = Callable[[Sequence[SourceFile]], None]
"""Told of files that others have parsed, whose facts are stored by now; of those that they could not parse, too."""


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

    async def __call__(
        self, tenant: TenantId, job: JobId, files: Sequence[SourceFile], source: SourceIntake, theirs: Theirs
    ) -> Intake | None:
        """Parse the files, unless they are few, or nobody is free to help: None then.

        Returns what was parsed here; `theirs` is told of what others have parsed.

        A file that is in neither changed meanwhile, or failed elsewhere: it is left to be parsed alone.
        """
        if not files or not await self._pays(sum(file.size_bytes for file in files)):
            return None
        intake = Intake()
        try:
            offer = Offer(await self._offer(tenant, job, files, source), theirs=theirs)
            await self._ask(tenant, job, helpers=min(len(offer.shards) - 1, MAX_HELPERS))
            await self._work(tenant, job, intake, source, offer)
        finally:
            await self._shards.drop(tenant, job)
        return intake

    async def _pays(self, size_bytes: int) -> bool:
        """Whether so much code is parsed sooner by handing some of it out, which costs a copy of it in the store."""
        if size_bytes < self._least_bytes:
            return False
        return size_bytes >= ALWAYS_OF_LEAST * self._least_bytes or await self._is_anybody_free()

    async def _is_anybody_free(self) -> bool:
        try:
            return await self._queue.workers() > sum(depth.at_work for depth in await self._queue.depths())
        except Unavailable:
            return False

    async def _offer(
        self, tenant: TenantId, job: JobId, files: Sequence[SourceFile], source: SourceIntake
    ) -> Sequence[Sequence[SourceFile]]:
        """Returns the files of each shard."""
        await self._shards.drop(tenant, job)
        waiting, offered = list[Shard](), list[Sequence[SourceFile]]()
        async for group in _groups(source.read(files), self._shard_bytes):
            shard = tuple(
                ShardFile(path=file.path, language=file.language, blob_hash=file.blob_hash, source=content) for file, content in group
            )
            waiting.append(Shard(number=len(offered), files=shard))
            offered.append([file for file, _ in group])
            if len(waiting) == ADDED_AT_ONCE:
                await self._shards.add(tenant, job, waiting)
                waiting = []
        await self._shards.add(tenant, job, waiting)
        return offered

    async def _ask(self, tenant: TenantId, job: JobId, *, helpers: int) -> None:
        with suppress(Unavailable):  # then it is done without help
            for _ in range(helpers):
                await self._queue.publish(JobMessage(tenant=tenant, job=job, task=Task.FILES, request_id=request_id()))

    async def _work(self, tenant: TenantId, job: JobId, intake: Intake, source: SourceIntake, offer: Offer) -> None:
        while offer.files_left:
            run = ShardRun(shards=self._shards, parser=self._parser, tenant=tenant, job=job, lease_s=self._lease_s)
            async for done in run.parsed():
                for outcome in done.outcomes:
                    intake.take(outcome)
                await self._shards.finish(tenant, job, done.shard.number)
                offer.mine.add(done.shard.number)
                offer.note_left(await self._shards.left(tenant, job))
                source.note_parsed(offer.files - offer.files_left, offer.files)
            offer.note_left(await self._shards.left(tenant, job))
            source.note_parsed(offer.files - offer.files_left, offer.files)
            await asyncio.sleep(POLL_S if offer.files_left else 0)


class Offer:
    """Shards of a job, and what is known of each: whether it is left to be done, was done here, or elsewhere.

    Args: shards: the files of each, by number.
    """

    def __init__(self, shards: Sequence[Sequence[SourceFile]], *, theirs: Theirs) -> None:
        self.shards = shards
        self.mine: set[int] = set()
        self._left = set(range(len(shards)))
        self._theirs = theirs

    @property
    def files(self) -> int:
        return sum(map(len, self.shards))

    @property
    def files_left(self) -> int:
        return sum(len(self.shards[number]) for number in self._left)

    def note_left(self, left: Sequence[int]) -> None:
        """These are not done yet: what else was left, and not done here, others have done."""
        gone = self._left.difference(left)
        self._left.difference_update(gone)
        self._theirs([file for number in sorted(gone - self.mine) for file in self.shards[number]])


async def _groups(files: AsyncIterator[tuple[SourceFile, bytes | None]], most_bytes: int) -> AsyncIterator[list[tuple[SourceFile, bytes]]]:
    group, size_bytes = list[tuple[SourceFile, bytes]](), 0
    async for file, source in files:
        if source is None:
            continue
        if group and (len(group) == SHARD_FILES or size_bytes + len(source) > most_bytes):
            yield group
            group, size_bytes = [], 0
        group.append((file, source))
        size_bytes += len(source)
    if group:
        yield group
