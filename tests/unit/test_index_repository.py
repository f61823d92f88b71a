from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from aelus import Aelus
from aelus.application.index_memory import BASE_BYTES, SPREAD, check_memory
from aelus.application.progress import ProgressEvent
from aelus.application.register_repository import default_name
from aelus.domain.graph import CodeNode, Edge
from aelus.domain.jobs import Stage, Trial
from aelus.domain.source import FileChanges, SkippedFile, SkipReason, SourceFile
from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints.container import open_memory
from aelus.entrypoints.settings import load_settings
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.errors import Conflict, InvalidRequest, LimitExceeded, LocationNotFound, NothingToIndex
from aelus.ports.index_store import Written
from aelus.ports.parser import ParseOutcome, Parser, ParseRequest
from index_builder import repository
from indexing import indexing
from sample_project import FILES, write_project


async def graph_of(aelus: Aelus, name: str = "project") -> list[CodeNode | Edge]:
    return [item async for item in aelus.export(name)]


async def test_a_first_index_counts_what_it_holds(aelus: Aelus, project: Path) -> None:
    report = await aelus.index(project)
    assert (report.counts.files, report.counts.lines, report.repository) == (4, 19, "project")
    assert report.written == Written(nodes=report.counts.nodes, edges=report.counts.edges, chunks=report.counts.chunks)


async def test_the_counts_are_those_of_the_graph(aelus: Aelus, project: Path) -> None:
    report = await aelus.index(project)
    graph = await graph_of(aelus)
    assert report.counts.nodes == sum(isinstance(item, CodeNode) for item in graph)
    assert report.counts.edges == sum(isinstance(item, Edge) for item in graph)


async def test_indexing_twice_writes_nothing(aelus: Aelus, project: Path) -> None:
    first = await aelus.index(project)
    second = await aelus.index(project)
    assert second.up_to_date
    assert second.counts == first.counts


async def test_a_deleted_file_takes_its_edges_along(aelus: Aelus, project: Path) -> None:
    await aelus.index(project)
    (project / "shop/checkout.py").unlink()
    await aelus.index(project)
    assert all(item.path != "shop/checkout.py" for item in await graph_of(aelus))


async def test_a_comment_changes_no_node_of_another_file(aelus: Aelus, project: Path) -> None:
    await aelus.index(project)
    (project / "shop/prices.py").write_text(FILES["shop/prices.py"] + "# the end\n")
    report = await aelus.index(project)
    assert report.written.nodes < 5


async def test_a_renamed_file_is_found_under_its_new_path(aelus: Aelus, project: Path) -> None:
    await aelus.index(project)
    (project / "shop/checkout.py").rename(project / "shop/payment.py")
    await aelus.index(project)
    assert [found.symbol.node.path for found in await aelus.callees("pay")] == ["shop/payment.py"]


async def test_a_project_that_became_empty_has_an_empty_index(aelus: Aelus, project: Path) -> None:
    await aelus.index(project)
    for path in FILES:
        (project / path).unlink()
    report = await aelus.index(project)
    assert (report.counts.files, report.counts.chunks) == (0, 0)


async def test_stages_are_reported_in_order(aelus: Aelus, project: Path) -> None:
    events: list[ProgressEvent] = []
    await aelus.index(project, report=events.append)
    stages = list(dict.fromkeys(event.stage for event in events))
    assert stages == [Stage.READ, Stage.PARSE, Stage.LINK, Stage.EMBED, Stage.WRITE, Stage.DONE]


async def test_the_last_event_tells_all_progress(aelus: Aelus, project: Path) -> None:
    events: list[ProgressEvent] = []
    report = await aelus.index(project, report=events.append)
    last = events[-1].progress
    assert (last.files_processed, last.nodes_created, last.edges_created) == (4, report.counts.nodes, report.counts.edges)


async def test_seconds_are_told_by_stage(aelus: Aelus, project: Path) -> None:
    report = await aelus.index(project)
    assert set(report.seconds) == {"read", "parse", "link", "chunk", "embed", "write", "total"}


async def test_a_missing_folder_is_refused(aelus: Aelus, tmp_path: Path) -> None:
    with pytest.raises(LocationNotFound, match="nowhere"):
        await aelus.index(tmp_path / "nowhere")


async def test_a_file_is_refused(aelus: Aelus, project: Path) -> None:
    with pytest.raises(LocationNotFound):
        await aelus.index(project / "shop/cart.py")


async def test_an_empty_folder_is_refused(aelus: Aelus, tmp_path: Path) -> None:
    with pytest.raises(NothingToIndex):
        await aelus.index(tmp_path)


async def test_a_folder_without_known_languages_says_what_it_holds(aelus: Aelus, tmp_path: Path) -> None:
    write_project(tmp_path, {"a.xyz": "?", "b.xyz": "?"})
    with pytest.raises(NothingToIndex, match="2 unknown_language"):
        await aelus.index(tmp_path)


async def test_a_location_that_cannot_be_indexed_is_not_remembered(aelus: Aelus, tmp_path: Path) -> None:
    with pytest.raises(NothingToIndex):
        await aelus.index(tmp_path)
    assert await aelus.repositories() == ()


async def test_a_name_belongs_to_one_location(aelus: Aelus, project: Path, tmp_path: Path) -> None:
    await aelus.index(project)
    with pytest.raises(Conflict, match="--name"):
        await aelus.index(write_project(tmp_path / "other"), name="project")


async def cancel_at(stage: Stage, aelus: Aelus, project: Path) -> None:
    """Index, and cancel the run when it comes to the stage."""

    def watch(event: ProgressEvent) -> None:
        if event.stage is stage:
            running.cancel()

    running = asyncio.ensure_future(aelus.index(project, report=watch))
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_cancelled_run_leaves_the_index_as_it_was(aelus: Aelus, project: Path) -> None:
    await aelus.index(project)
    before = await graph_of(aelus)
    write_project(project, {"shop/new.py": "def added(): pass\n"})
    await cancel_at(Stage.LINK, aelus, project)
    assert await graph_of(aelus) == before


async def test_a_cancelled_run_lets_the_next_one_begin(aelus: Aelus, project: Path) -> None:
    await cancel_at(Stage.READ, aelus, project)
    report = await aelus.index(project)
    assert report.counts.files == 4


async def test_a_dry_run_counts_and_writes_nothing(use_cases: UseCases, project: Path) -> None:
    repository = await use_cases.register_repository()(LOCAL_TENANT, str(project))
    report = await use_cases.index_repository()(LOCAL_TENANT, repository.id, trial=Trial())
    assert (report.counts.files, report.written) == (4, Written())
    assert (await use_cases.get_repository()(LOCAL_TENANT, "project")).index is None


async def test_a_dry_run_tells_what_would_change(aelus: Aelus, project: Path) -> None:
    await aelus.index(project)
    (project / "shop" / "cart.py").unlink()
    write_project(project, {"shop/new.py": "def added(): pass\n", "shop/__init__.py": "# changed\n"})
    changes = (await aelus.index(project, dry_run=True)).changes
    assert changes == FileChanges(added=("shop/new.py",), changed=("shop/__init__.py",), removed=("shop/cart.py",))
    assert (await aelus.index(project)).changes == changes
    assert not (await aelus.index(project)).changes


async def test_a_dry_run_of_a_new_folder_leaves_no_repository(aelus: Aelus, project: Path) -> None:
    assert (await aelus.index(project, dry_run=True)).counts.files == 4
    assert await aelus.repositories() == ()


async def test_only_files_that_fit_the_patterns_are_indexed(use_cases: UseCases, project: Path) -> None:
    repository = await use_cases.register_repository()(LOCAL_TENANT, str(project))
    ports = use_cases.ports()
    seen: list[tuple[str, ...]] = []
    for patterns in (("shop/**", "!**/cart.py"), ("nowhere/*",), ()):
        await ports.repositories.update(LOCAL_TENANT, replace(repository, file_patterns=patterns))
        await use_cases.index_repository()(LOCAL_TENANT, repository.id)
        async with ports.indexes.session(LOCAL_TENANT, repository.id) as session:
            seen.append(tuple(sorted(path for path, state in (await session.snapshot()).files.items() if state.language)))
    assert seen[0] == tuple(path for path in seen[2] if path.startswith("shop/") and not path.endswith("cart.py"))
    assert seen[1] == ()


async def test_an_address_with_a_password_is_not_recorded(use_cases: UseCases) -> None:
    with pytest.raises(InvalidRequest, match="password"):
        await use_cases.register_repository()(LOCAL_TENANT, "https://user:secret@example.org/x.git")


@pytest.mark.parametrize("name", ["a b", "ä", "x" * 101, "a\n"])
async def test_a_name_that_cannot_be_is_refused(use_cases: UseCases, project: Path, name: str) -> None:
    with pytest.raises(InvalidRequest):
        await use_cases.register_repository()(LOCAL_TENANT, str(project), name=name)


@pytest.mark.parametrize(
    ("location", "name"), [("/a/b", "b"), ("/a/b/", "b"), ("https://h.example/o/r.git", "r"), ("/", "root"), ("/a/my code", "my-code")]
)
def test_a_repository_is_named_after_its_location(location: str, name: str) -> None:
    assert default_name(location) == name


def test_what_takes_more_memory_than_is_allowed_is_refused_with_figures() -> None:
    code = [SourceFile(path="a.py", size_bytes=20_000_000, blob_hash="", language="python")]
    check_memory(code, repository(), limit_bytes=BASE_BYTES + SPREAD * 20_000_000)
    with pytest.raises(LimitExceeded, match=r"'shop' would take about 1\.1 GB of memory for 20 MB of code, of 1\.0 GB"):
        check_memory(code, repository(), limit_bytes=1_000_000_000)


async def test_a_refused_repository_keeps_its_index(project: Path) -> None:
    async with open_memory(load_settings(parser_processes=1)) as use_cases:
        before = await use_cases.index_location()(LOCAL_TENANT, str(project))
        (project / "shop/large.py").write_text("x = 1\n" * 10)
        index = use_cases.index_repository()
        refusing = indexing(use_cases, memory_bytes=BASE_BYTES)
        with pytest.raises(LimitExceeded):
            await refusing(LOCAL_TENANT, before.repository_id)
        assert (await index(LOCAL_TENANT, before.repository_id, trial=Trial())).counts.files == before.counts.files + 1
        assert (await use_cases.get_repository()(LOCAL_TENANT, "project")).index.counts == before.counts  # type: ignore[union-attr] # indexed


class FailingParser:
    """Fails on one file for that reason, and reads the others."""

    def __init__(self, parser: Parser, path: str, reason: SkipReason) -> None:
        self._parser = parser
        self._skipped = SkippedFile(path=path, reason=reason)
        self.version = parser.version
        self.traits = parser.traits
        self.language_of = parser.language_of
        self.language_called = parser.language_called

    async def parse(self, files: AsyncIterable[ParseRequest]) -> AsyncIterator[ParseOutcome]:
        async for outcome in self._parser.parse(files):
            failed = outcome.path == self._skipped.path
            yield ParseOutcome(path=outcome.path, facts=None, skipped=self._skipped) if failed else outcome


@pytest.mark.parametrize(("reason", "tried_again"), [(SkipReason.INTERRUPTED, True), (SkipReason.TIMEOUT, False)])
async def test_what_failed_for_no_fault_of_its_own_is_tried_again(project: Path, reason: SkipReason, *, tried_again: bool) -> None:
    async with open_memory(load_settings(parser_processes=1)) as use_cases:
        found = await use_cases.register_repository()(LOCAL_TENANT, str(project))
        failing = FailingParser(use_cases.ports().parser, "shop/prices.py", reason)
        first = await indexing(use_cases, failing)(LOCAL_TENANT, found.id)
        assert [file.reason for file in first.skipped_files] == [reason]
        second = await use_cases.index_repository()(LOCAL_TENANT, found.id)
        assert bool(second.skipped_files) is not tried_again
        assert second.up_to_date is not tried_again
