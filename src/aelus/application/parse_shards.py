"""Help with a job at work: parse some of its files."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final

from aelus.domain.facts import FileFacts
from aelus.domain.jobs import JobId
from aelus.domain.tenancy import TenantId
from aelus.ports.parser import ParseOutcome, Parser, ParseRequest
from aelus.ports.queue import JobMessage
from aelus.ports.shard_store import Shard, ShardStore

OPEN_BYTES: Final = 256 * 1024
"""Bytes of shards that are taken and not yet parsed, from which on no other is taken: what one has ahead, others lack at the end.

It is more than a parser wants to see of its input before it begins, and keeps its processes busy while the next shard is fetched.
"""


@dataclass(slots=True, kw_only=True)
class ParsedShard:
    shard: Shard
    outcomes: list[ParseOutcome] = field(default_factory=list)

    def facts(self) -> dict[str, FileFacts]:
        """By blob hash. Files that could not be parsed are left to who asked, who says why."""
        blobs = {file.path: file.blob_hash for file in self.shard.files}
        return {blobs[outcome.path]: outcome.facts for outcome in self.outcomes if outcome.facts is not None}


class ShardRun:
    """Takes shards of a job as long as there are some, and parses them in one stream."""

    def __init__(self, *, shards: ShardStore, parser: Parser, tenant: TenantId, job: JobId, lease_s: float) -> None:
        self._shards = shards
        self._parser = parser
        self._tenant = tenant
        self._job = job
        self._lease_s = lease_s
        self._open: dict[str, ParsedShard] = {}
        self._sizes: dict[str, int] = {}
        """Bytes of the files that are not yet parsed."""
        self._parsed = asyncio.Event()

    async def parsed(self) -> AsyncIterator[ParsedShard]:
        """Each shard as its last file is parsed."""
        async for outcome in self._parser.parse(self._requests()):
            done = self._open.pop(outcome.path)
            del self._sizes[outcome.path]
            self._parsed.set()
            done.outcomes.append(outcome)
            if len(done.outcomes) == len(done.shard.files):
                yield done

    async def _requests(self) -> AsyncIterator[ParseRequest]:
        while (shard := await self._next()) is not None:
            taken = ParsedShard(shard=shard)
            self._open.update((file.path, taken) for file in shard.files)
            self._sizes.update((file.path, len(file.source)) for file in shard.files)
            for file in shard.files:
                yield ParseRequest(path=file.path, language=file.language, source=file.source)

    async def _next(self) -> Shard | None:
        while sum(self._sizes.values()) >= OPEN_BYTES:
            self._parsed.clear()
            await self._parsed.wait()
        return await self._shards.take(self._tenant, self._job, lease_s=self._lease_s)


class ParseShards:
    """The handler of messages that ask for help. What it parses lands among the facts, where the job finds it."""

    def __init__(self, *, shards: ShardStore, parser: Parser, lease_s: float) -> None:
        self._shards = shards
        self._parser = parser
        self._lease_s = lease_s

    async def __call__(self, message: JobMessage) -> None:
        """Parse until nothing of the job is left to be taken. Raises Unavailable."""
        tenant, job = message.tenant, message.job
        run = ShardRun(shards=self._shards, parser=self._parser, tenant=tenant, job=job, lease_s=self._lease_s)
        async for done in run.parsed():
            await self._shards.finish(tenant, job, done.shard.number, done.facts(), parser_version=self._parser.version)
