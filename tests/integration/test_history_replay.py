"""A real history, commit after commit: after each the index in PostgreSQL equals one that is built from scratch."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from itertools import islice
from pathlib import Path

import pytest
from dulwich.object_store import iter_tree_contents
from dulwich.objects import Commit, ObjectID, ShaFile, Tree
from dulwich.repo import Repo

from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints import container
from aelus.entrypoints.settings import load_settings
from aelus.entrypoints.use_cases import UseCases
from index_rows import index_if_any, known, rows

PROJECT = Path(__file__).parent.parent.parent
PARTS = (b"src/aelus/application",)
"""Parts of the project whose history is replayed: large enough to be real, small enough for many commits."""
COMMITS = 50
Trees = tuple[ObjectID, ...]


def history(repository: Repo) -> Iterator[Trees]:
    """Trees of the parts, the newest first, for each commit that changes them."""
    last: Trees = ()
    shown: ShaFile | None = repository[repository.head()]
    while isinstance(shown, Commit):
        tree = repository[shown.tree]
        assert isinstance(tree, Tree)
        try:
            parts = tuple(tree.lookup_path(repository.get_object, part)[1] for part in PARTS)
        except KeyError:
            return
        if parts != last:
            yield parts
        last = parts
        shown = repository[shown.parents[0]] if shown.parents and shown.parents[0] in repository else None


def check_out(repository: Repo, trees: Trees, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for part, tree in zip(PARTS, trees, strict=True):
        for entry in iter_tree_contents(repository.object_store, tree):
            target = folder / part.decode() / entry.path.decode()
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(repository[entry.sha].as_raw_string())


def service(address: str) -> AbstractAsyncContextManager[UseCases]:
    return container.open_service(load_settings(database_url=address, redis_url=None, parser_processes=1))


@pytest.mark.timeout(600)
async def test_replaying_a_history_gives_the_clean_index_at_each_commit(
    database_address: str, other_database_address: str, tmp_path: Path
) -> None:
    folder = tmp_path / "part"
    with Repo.discover(str(PROJECT)) as repository:
        commits = list(islice(history(repository), COMMITS))
        assert len(commits) == COMMITS, "the project's history is needed: make a clone that is not shallow"
        async with service(database_address) as grown:
            here = await known(folder, grown)
            for trees in reversed(commits):
                check_out(repository, trees, folder)
                await index_if_any(grown, here)
                async with service(other_database_address) as clean:
                    await clean.ports().repositories.add(LOCAL_TENANT, here)
                    await index_if_any(clean, here)
                    (await rows(grown, here)).assert_equals(await rows(clean, here))
                    await clean.remove_repository()(LOCAL_TENANT, here.id)
