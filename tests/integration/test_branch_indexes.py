"""Branches of one repository: after pushes, force-pushes and deletions each index equals a clean one, in PostgreSQL."""

from __future__ import annotations

import asyncio
import random
import subprocess
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from aelus.application.progress import ProgressEvent
from aelus.domain.jobs import Stage
from aelus.domain.repository import Repository
from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints import container
from aelus.entrypoints.settings import load_settings
from aelus.entrypoints.use_cases import UseCases
from index_rows import index_if_any, rows
from sample_project import FILES, write_project

BRANCHES = ("main", "next", "feature/x")
PUSHES = 8
MINE = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *MINE, "-C", str(folder), *arguments], check=True, capture_output=True)


class Origin:
    """A bare repository, and a working copy that pushes to it at random."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.bare = folder / "shop.git"
        self._work = folder / "work"
        self._chance = chance
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(self.bare)], check=True)
        subprocess.run(["git", "clone", "-q", str(self.bare), str(self._work)], check=True, capture_output=True)
        write_project(self._work)
        self._commit()
        for branch in BRANCHES:
            git(self._work, "push", "origin", f"HEAD:refs/heads/{branch}")

    def push(self) -> str:
        """Change a branch somehow; returns its name."""
        branch = self._chance.choice(BRANCHES)
        action = self._chance.choice((self._grow, self._rewrite, self._take_over, self._shrink))
        git(self._work, "fetch", "origin")
        git(self._work, "checkout", "-f", "--detach", f"origin/{branch}")
        action()
        git(self._work, "push", "--force", "origin", f"HEAD:refs/heads/{branch}")
        return branch

    def _grow(self) -> None:
        number = self._chance.randrange(100)
        write_project(
            self._work, {f"shop/more{number % 4}.py": f"from shop.cart import Cart\n\n\ndef more{number}():\n    return Cart().total()\n"}
        )
        self._commit()

    def _rewrite(self) -> None:
        """A history that has nothing in common with the one before."""
        git(self._work, "checkout", "--orphan", f"orphan{self._chance.random()}")
        write_project(self._work, {"shop/cart.py": FILES["shop/cart.py"] + f"\n\nLIMIT = {self._chance.randrange(100)}\n"})
        self._commit()
        git(self._work, "checkout", "--detach")

    def _take_over(self) -> None:
        git(self._work, "checkout", "-f", "--detach", f"origin/{self._chance.choice(BRANCHES)}")

    def _shrink(self) -> None:
        (self._work / self._chance.choice(("shop/checkout.py", "shop/more0.py", "shop/more1.py"))).unlink(missing_ok=True)
        self._commit()

    def _commit(self) -> None:
        git(self._work, "add", "-A")
        git(self._work, "commit", "-q", "--allow-empty", "-m", "x")


def service(address: str, root: Path) -> AbstractAsyncContextManager[UseCases]:
    return container.open_service(load_settings(database_url=address, redis_url=None, parser_processes=1, path_roots=(root,)))


async def indexed(use_cases: UseCases, location: str) -> Sequence[Repository]:
    """Index every branch once, as the command line does; the first of them is the repository's own."""
    reports = [await use_cases.index_location()(LOCAL_TENANT, location, branch=branch) for branch in BRANCHES]
    return [await use_cases.ports().repositories.get(LOCAL_TENANT, report.repository_id) for report in reports]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", [1, 2])
async def test_each_branch_equals_a_clean_index_whatever_is_pushed(
    database_address: str, other_database_address: str, tmp_path: Path, seed: int
) -> None:
    origin = await asyncio.to_thread(Origin, tmp_path, random.Random(seed))
    async with service(database_address, tmp_path) as grown, service(other_database_address, tmp_path) as clean:
        branches = await indexed(grown, f"file://{origin.bare}")
        assert [one.name for one in branches] == ["shop", "shop@next", "shop@feature/x"]
        for _ in range(PUSHES):
            pushed = await asyncio.to_thread(origin.push)
            await index_if_any(grown, next(one for one in branches if one.branch == pushed))
        for one in branches:
            await clean.ports().repositories.add(LOCAL_TENANT, replace(one, index=None))
            await index_if_any(clean, one)
            (await rows(grown, one)).assert_equals(await rows(clean, one))


async def test_branches_share_what_they_have_in_common(database_address: str, tmp_path: Path) -> None:
    origin = await asyncio.to_thread(Origin, tmp_path, random.Random(1))
    async with service(database_address, tmp_path) as use_cases:
        first = await use_cases.index_location()(LOCAL_TENANT, f"file://{origin.bare}")
        events = list[ProgressEvent]()
        second = await use_cases.index_location()(LOCAL_TENANT, f"file://{origin.bare}", branch="next", report=events.append)
        assert second.counts == first.counts
        parsing = next(event for event in events if event.stage is Stage.PARSE)
        assert parsing.done == parsing.total == first.counts.files
        assert max(event.progress.embeddings_created for event in events) == 0


async def test_what_is_indexed_already_is_asked_for_and_not_read(database_address: str, tmp_path: Path) -> None:
    origin = await asyncio.to_thread(Origin, tmp_path, random.Random(1))
    async with service(database_address, tmp_path) as use_cases:
        first = await use_cases.index_location()(LOCAL_TENANT, f"file://{origin.bare}")
        held = await rows(use_cases, await use_cases.ports().repositories.get(LOCAL_TENANT, first.repository_id))
        again = await use_cases.index_location()(LOCAL_TENANT, f"file://{origin.bare}")
        assert (again.commit, again.counts, again.skipped_files) == (first.commit, first.counts, first.skipped_files)
        assert again.up_to_date
        patterned = await use_cases.request_ingestion()(LOCAL_TENANT, first.repository_id, file_patterns=["shop/cart.py"])
        narrowed = await use_cases.index_repository()(LOCAL_TENANT, patterned.repository_id)
        assert narrowed.counts.files == 1
        await use_cases.request_ingestion()(LOCAL_TENANT, first.repository_id, file_patterns=[])
        await use_cases.index_repository()(LOCAL_TENANT, first.repository_id)
        held.assert_equals(await rows(use_cases, await use_cases.ports().repositories.get(LOCAL_TENANT, first.repository_id)))
