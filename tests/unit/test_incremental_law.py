"""After any edits, the updated index equals the one that is built from scratch, in every language and for documents."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aelus.entrypoints.container import open_memory
from aelus.entrypoints.settings import load_settings
from aelus.entrypoints.use_cases import UseCases
from index_rows import index_if_any, known, rows

FIXTURES = Path(__file__).parent.parent / "fixtures"
ORIGINS = {path.name: path for path in (*sorted((FIXTURES / "linking").iterdir()), FIXTURES / "documents")}
HISTORIES = settings.default.max_examples // 6 if settings.default else 16
"""For each language; `--hypothesis-profile=thorough` tries ten times as many."""


class Edit(NamedTuple):
    """An edit of a folder. Files and lines are numbers, which are taken modulo what there is."""

    action: str
    file: int
    line: int
    other: int

    def apply(self, folder: Path, origin: Path) -> None:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        if self.action == "restore" or not files:
            shutil.copytree(origin, folder, dirs_exist_ok=True)
        else:
            getattr(self, self.action)(files[self.file % len(files)], files[self.other % len(files)])

    def delete(self, path: Path, _other: Path) -> None:
        path.unlink()

    def rename(self, path: Path, other: Path) -> None:
        path.rename(other.with_name(f"renamed_{self.line}{path.suffix}"))

    def copy(self, path: Path, other: Path) -> None:
        other.with_name(f"copy_{self.line}{path.suffix}").write_bytes(path.read_bytes())

    def swap(self, path: Path, other: Path) -> None:
        mine, theirs = path.read_bytes(), other.read_bytes()
        path.write_bytes(theirs)
        other.write_bytes(mine)

    def cut(self, path: Path, _other: Path) -> None:
        """Leave out a few lines: what is left may be no valid code."""
        lines = path.read_text().splitlines(keepends=True)
        start = self.line % (len(lines) + 1)
        path.write_text("".join(lines[:start] + lines[start + 1 + self.other % 9 :]))

    def move(self, path: Path, _other: Path) -> None:
        """Put the lines from here on before the others."""
        lines = path.read_text().splitlines(keepends=True)
        start = self.line % (len(lines) + 1)
        path.write_text("".join(lines[start:] + lines[:start]))

    def insert(self, path: Path, _other: Path) -> None:
        lines = path.read_text().splitlines(keepends=True)
        path.write_text("".join([*lines[: self.line % (len(lines) + 1)], "\n", *lines[self.line % (len(lines) + 1) :]]))


ACTIONS = ("restore", "delete", "rename", "copy", "swap", "cut", "move", "insert")
numbers = st.integers(0, 200)
pushes = st.lists(st.builds(Edit, st.sampled_from(ACTIONS), numbers, numbers, numbers), min_size=1, max_size=4)
histories = st.lists(pushes, min_size=1, max_size=3)


async def compare(origin: Path, folder: Path, history: list[list[Edit]], grown: UseCases, clean: UseCases) -> None:
    shutil.copytree(origin, folder, dirs_exist_ok=True)
    repository = await known(folder, grown, clean)
    for push in ([], *history):
        for edit in push:
            edit.apply(folder, origin)
        await index_if_any(grown, repository)
    held = await rows(grown, repository)
    if await index_if_any(clean, repository):
        held.assert_equals(await rows(clean, repository))
    else:
        assert not any(item.path for item in held.graph)
        assert (held.chunks, held.nearness) == ([], {})


@pytest.fixture
async def services() -> AsyncIterator[tuple[UseCases, UseCases]]:
    local = load_settings(parser_processes=1)
    async with open_memory(local) as grown, open_memory(local) as clean:
        yield grown, clean


@pytest.mark.timeout(300)
@pytest.mark.parametrize("origin", ORIGINS)
@settings(max_examples=HISTORIES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories)
async def test_an_updated_index_equals_a_clean_one(origin: str, services: tuple[UseCases, UseCases], history: list[list[Edit]]) -> None:
    with TemporaryDirectory() as folder:
        await compare(ORIGINS[origin], Path(folder), history, *services)
