"""After any edits, the updated index equals the one that is built from scratch."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aelus.domain.repository import Repository
from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints.container import open_memory
from aelus.entrypoints.settings import load_settings
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.errors import NothingToIndex
from sample_project import write_project

NAMES = ("a", "b", "pkg/__init__", "pkg/c", "pkg/d")
MODULES = ("a", "b", "pkg", "pkg.c", "pkg.d")
STATEMENTS = (
    "def f(x):\n    return g(x)",
    "def g(x):\n    return x.run()",
    "class K:\n    def run(self):\n        return f(1)",
    "class L(K):\n    def run(self):\n        return super().run()",
    "value = K()\nvalue.run()",
    "def broken(:",
    "# nothing",
)
imports = st.sampled_from(MODULES).map(lambda module: f"from {module} import f, g, K")
sources = st.lists(st.one_of(imports, st.sampled_from(STATEMENTS)), max_size=5).map("\n\n".join)
write = st.tuples(st.just("write"), st.sampled_from(NAMES), sources)
delete = st.tuples(st.just("delete"), st.sampled_from(NAMES), st.just(""))
rename = st.tuples(st.just("rename"), st.sampled_from(NAMES), st.sampled_from(NAMES))
edits = st.lists(st.one_of(write, delete, rename), min_size=1, max_size=4)
histories = st.lists(edits, min_size=1, max_size=3)


def apply(folder: Path, edit: tuple[str, str, str]) -> None:
    action, name, argument = edit
    path = folder / f"{name}.py"
    if action == "write":
        write_project(folder, {f"{name}.py": argument})
    elif action == "delete":
        path.unlink(missing_ok=True)
    elif path.exists():
        target = folder / f"{argument}.py"
        target.parent.mkdir(exist_ok=True)
        path.rename(target)


async def index(use_cases: UseCases, repository: Repository) -> None:
    try:
        await use_cases.index_repository()(LOCAL_TENANT, repository.id)
    except NothingToIndex:
        return


async def rows(use_cases: UseCases, repository: Repository) -> list[object]:
    """All that is stored, but for the time and number of the writing."""
    ports = use_cases.ports()
    graph: list[object] = [item async for item in ports.graph.export(LOCAL_TENANT, repository.id)]
    async with ports.indexes.session(LOCAL_TENANT, repository.id) as session:
        snapshot = await session.snapshot()
    chunks = [await ports.vectors.of_file(LOCAL_TENANT, repository.id, path) for path in sorted(snapshot.files)]
    return [*graph, sorted(snapshot.files.items()), snapshot.skipped, snapshot.counts, chunks]


def holds_code(folder: Path) -> bool:
    return any(folder.rglob("*.py"))


async def compare(folder: Path, history: list[list[tuple[str, str, str]]], grown: UseCases, clean: UseCases) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    repository = Repository(id=uuid4(), name=uuid4().hex, location=str(folder), branch="", created_at=now)
    await grown.ports().repositories.add(LOCAL_TENANT, repository)
    await clean.ports().repositories.add(LOCAL_TENANT, repository)
    for edits_of_one_push in history:
        for edit in edits_of_one_push:
            apply(folder, edit)
        await index(grown, repository)
    if holds_code(folder):
        await index(clean, repository)
        assert await rows(grown, repository) == await rows(clean, repository)


@pytest.fixture(scope="module")
async def services() -> AsyncIterator[tuple[UseCases, UseCases]]:
    local = load_settings(parser_processes=1)
    async with open_memory(local) as grown, open_memory(local) as clean:
        yield grown, clean


@pytest.mark.timeout(300)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories)
async def test_an_updated_index_equals_a_clean_one(services: tuple[UseCases, UseCases], history: list[list[tuple[str, str, str]]]) -> None:
    with TemporaryDirectory() as folder:
        await compare(Path(folder), history, *services)
