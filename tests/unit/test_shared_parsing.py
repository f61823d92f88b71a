"""A repository that several workers parse is indexed as one that a single worker parses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from aelus.adapters.treesitter import TreesitterParser
from aelus.application.parse_shards import OPEN_BYTES, ParseShards, ShardRun
from aelus.application.run_job import RunJob
from aelus.application.share_parsing import ShareParsing
from aelus.domain.jobs import Job, JobState
from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints.container import open_memory
from aelus.entrypoints.settings import load_settings
from aelus.entrypoints.use_cases import Ports, UseCases
from aelus.ports.parser import ParseOutcome, Parser, ParseRequest
from aelus.ports.queue import JobMessage, Task
from aelus.ports.shard_store import Shard, ShardFile
from index_rows import known, rows
from indexing import indexing
from sample_project import write_project

LEASE_S = 0.3
FILES = {f"shop/m{number}.py": f"def f{number}():\n    return f{number}()\n" for number in range(200)}


class Helped:
    """A service whose jobs are shared, by default whatever their size, and its helpers."""

    def __init__(self, use_cases: UseCases, parser: Parser | None = None, *, least_bytes: int = 0) -> None:
        self.use_cases = use_cases
        self.ports: Ports = use_cases.ports()
        ports = self.ports
        parser = parser or ports.parser
        sharing = ShareParsing(shards=ports.shards, queue=ports.queue, parser=parser, lease_s=LEASE_S, least_bytes=least_bytes)
        index = indexing(use_cases, parser, sharing=sharing)
        self.run_job = RunJob(tenants=ports.tenants, jobs=ports.jobs, index=index, clock=ports.clock)
        self.help = ParseShards(shards=ports.shards, parser=ports.parser, lease_s=LEASE_S)
        self.helped = 0
        self.done = asyncio.Event()

    async def handle(self, message: JobMessage) -> None:
        """As a worker does."""
        if message.task is Task.FILES:
            self.helped += 1
            await self.help(message)
            self.done.set()
        else:
            await self.run_job(message)

    async def index(self, folder: Path, workers: int, *, helped: asyncio.Event | None = None) -> Job:
        """Index the folder with so many workers at the queue; the job as it ended. `helped` is set when a helper has done what it could."""
        self.done = helped or asyncio.Event()
        repository = await known(folder, self.use_cases)
        job = await self.use_cases.request_ingestion()(LOCAL_TENANT, repository.id)
        working = asyncio.create_task(self.ports.queue.work(self.handle, concurrency=workers))
        async with asyncio.timeout(60):
            while not (job := await self.ports.jobs.get(LOCAL_TENANT, job.id)).state.ended:  # noqa: ASYNC110 - the record has no event
                await asyncio.sleep(0.02)
        await self.ports.queue.stop()
        await working
        return job


class LateParser:
    """A parser that begins when nothing is left to be taken, and counts what it is given all the same."""

    def __init__(self, parser: Parser) -> None:
        self._parser = parser
        self.may_begin = asyncio.Event()
        self.version = parser.version
        self.traits = parser.traits
        self.language_of = parser.language_of
        self.language_called = parser.language_called
        self.parsed = 0

    async def parse(self, files: AsyncIterable[ParseRequest]) -> AsyncIterator[ParseOutcome]:
        await self.may_begin.wait()
        async for outcome in self._parser.parse(files):
            self.parsed += 1
            yield outcome


@asynccontextmanager
async def helped() -> AsyncIterator[Helped]:
    async with open_memory(load_settings(parser_processes=1)) as use_cases:
        yield Helped(use_cases)


@pytest.mark.parametrize("workers", [1, 3])
async def test_an_index_made_together_equals_one_made_alone(tmp_path: Path, workers: int) -> None:
    folder = write_project(tmp_path / "project", FILES)
    async with helped() as service, open_memory(load_settings(parser_processes=1)) as alone:
        job = await service.index(folder, workers)
        repository = await service.ports.repositories.get(LOCAL_TENANT, job.repository_id)
        await alone.ports().repositories.add(LOCAL_TENANT, replace(repository, index=None))
        await alone.index_repository()(LOCAL_TENANT, repository.id)
        (await rows(service.use_cases, repository)).assert_equals(await rows(alone, repository))
        assert job.state is JobState.SUCCEEDED
        assert await service.ports.shards.left(LOCAL_TENANT, job.id) == []


@pytest.mark.parametrize("least_bytes", [1_000, 1_000_000])
async def test_nobody_is_asked_for_help_while_all_are_busy(use_cases: UseCases, tmp_path: Path, least_bytes: int) -> None:
    assert await asked(Helped(use_cases, least_bytes=least_bytes), tmp_path) == 0


async def test_with_much_to_parse_others_are_asked_though_they_are_busy(use_cases: UseCases, tmp_path: Path) -> None:
    assert await asked(Helped(use_cases, least_bytes=100), tmp_path) > 0


async def asked(service: Helped, folder: Path) -> int:
    """How often the only worker asks for help to index the files."""
    assert (await service.index(write_project(folder / "shop", FILES), 1)).state is JobState.SUCCEEDED
    waiting = {depth.task: depth.waiting for depth in await service.ports.queue.depths()}
    return service.helped + waiting[Task.FILES]


async def test_a_shard_whose_helper_vanished_is_parsed_again(tmp_path: Path) -> None:
    folder = write_project(tmp_path / "project", FILES)
    async with helped() as service:

        async def vanish(message: JobMessage) -> None:
            """Take a shard and never come back."""
            await service.ports.shards.take(message.tenant, message.job, lease_s=LEASE_S)

        service.help = vanish  # type: ignore[assignment] # a helper of its own kind
        job = await service.index(folder, 3)
        assert (job.state, job.progress.files_processed) == (JobState.SUCCEEDED, len(FILES))
        assert service.helped


async def test_a_file_that_no_helper_can_parse_is_reported_by_the_job(tmp_path: Path) -> None:
    folder = write_project(tmp_path / "project", {**FILES, "shop/binary.py": "x = '\0'\n" * 10})
    async with helped() as service:
        job = await service.index(folder, 2)
    assert job.state is JobState.SUCCEEDED


async def test_what_helpers_have_parsed_is_not_parsed_again(tmp_path: Path) -> None:
    folder = write_project(tmp_path / "project", FILES)
    async with open_memory(load_settings(parser_processes=1)) as use_cases:
        late = LateParser(use_cases.ports().parser)
        job = await Helped(use_cases, late).index(folder, 2, helped=late.may_begin)
    assert (job.state, late.parsed) == (JobState.SUCCEEDED, 0)


class Greedy(TreesitterParser):
    """Takes all that it can get before it answers."""

    def __init__(self) -> None:
        super().__init__(jobs=0)
        self.ahead: list[int] = []

    async def parse(self, files: AsyncIterable[ParseRequest]) -> AsyncIterator[ParseOutcome]:
        asked = list[ParseRequest]()
        taking = asyncio.create_task(_take_all(files, asked))
        while not taking.done() or asked:
            await asyncio.sleep(0.01)
            self.ahead.append(sum(len(request.source) for request in asked))
            while asked:
                yield self.parse_one(asked.pop())


async def _take_all(files: AsyncIterable[ParseRequest], into: list[ParseRequest]) -> None:
    async for request in files:
        into.append(request)  # noqa: PERF401 - whoever answers looks at them meanwhile


async def test_no_more_is_taken_ahead_than_others_can_spare(use_cases: UseCases) -> None:
    ports, size = use_cases.ports(), OPEN_BYTES // 4
    job = await use_cases.request_ingestion()(LOCAL_TENANT, (await known(Path("/"), use_cases)).id)
    shards = [
        Shard(number=number, files=(ShardFile(path=f"{number}.py", language="python", blob_hash=f"{number}", source=b"#" * size),))
        for number in range(12)
    ]
    await ports.shards.add(LOCAL_TENANT, job.id, shards)
    parser = Greedy()
    run = ShardRun(shards=ports.shards, parser=parser, tenant=LOCAL_TENANT, job=job.id, lease_s=60)
    assert len([done async for done in run.parsed()]) == len(shards)
    assert max(parser.ahead) == OPEN_BYTES
