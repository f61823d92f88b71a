"""Real processes, killed at random moments while a repository is pushed to: nothing is lost, doubled, mixed or stuck."""

from __future__ import annotations

import asyncio
import os
import random
import re
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from aelus import Aelus
from aelus.adapters.postgres.embedded.server import EmbeddedPostgres
from aelus.domain.graph import CodeNode, Edge
from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints import container
from aelus.entrypoints.settings import load_settings
from aelus.ports.errors import PortError
from site_under_test import Site

KILLS = int(os.environ.get("AELUS_TEST_KILLS", "15"))
VICTIMS = ("worker", "helper", "api", "postgres", "redis")
LONGEST_S = 1.5
"""The longest pause between a push and a kill."""
FILES = 40
VERSION = re.compile(r"_v(\d+)$")
GIT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "HOME": os.devnull, "PATH": os.defpath}
AUTHOR = ("-c", "user.name=A", "-c", "user.email=a@example.org")


def push(working: Path, version: int) -> None:
    """Every file changes with every version, so that a mixture of two would show; every third file comes and goes."""
    for number in range(FILES):
        path = working / f"step_{number}.py"
        follower = (number + 1) % FILES
        path.write_text(
            f"from step_{follower} import run_{follower}_v{version}\n\n\n"
            f"def run_{number}_v{version}(times):\n    return run_{follower}_v{version}(times - 1)\n"
        )
        if number and number % 3 == 0 and (number // 3 + version) % 5 == 0:
            path.unlink()
    for command in (("add", "-A"), (*AUTHOR, "commit", "-q", "-m", str(version)), ("push", "-q", "origin", "HEAD:main")):
        subprocess.run(["git", "-C", str(working), *command], check=True, capture_output=True, env=GIT)


@pytest.fixture
def working(tmp_path: Path) -> Path:
    bare, folder = tmp_path / "origin.git", tmp_path / "working"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(bare)], check=True, env=GIT)
    subprocess.run(["git", "clone", "-q", str(bare), str(folder)], check=True, capture_output=True, env=GIT)
    push(folder, 0)
    return folder


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    one = Site(tmp_path)
    one.start()
    yield one
    one.stop()


@pytest.fixture
async def reader(site: Site) -> AsyncIterator[Aelus]:
    """Reads what the site has stored, through the same database."""
    async with EmbeddedPostgres(site.home) as server:
        address = await server.start()
        async with container.open_service(load_settings(database_url=address, redis_url=None)) as use:
            yield Aelus(use)


async def versions_seen(reader: Aelus, name: str) -> set[str]:
    """Versions of the functions in the graph as one reader sees it at one moment."""
    items = [item async for item in reader.export(name)]
    names = {item.id for item in items if isinstance(item, CodeNode)}
    assert all({item.src, item.dst} <= names for item in items if isinstance(item, Edge))
    found = (VERSION.search(item.name) for item in items if isinstance(item, CodeNode) and not item.kind.value.startswith("External"))
    return {match.group(1) for match in found if match}


async def keep_reading(reader: Aelus, name: str) -> int:
    """Read all the time; a database that is away at a moment is no fault. Returns how often it was read."""
    count = 0
    while True:
        try:
            versions = await versions_seen(reader, name)
        except (PortError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await asyncio.sleep(0.05)
            continue
        except asyncio.CancelledError:
            return count
        assert len(versions) <= 1, versions
        count += 1
        try:
            await asyncio.sleep(0.02)
        except asyncio.CancelledError:
            return count


async def graph_of(aelus: Aelus, name: str) -> list[CodeNode | Edge]:
    return [item async for item in aelus.export(name)]


@pytest.mark.timeout(900 + 30 * KILLS)
async def test_whatever_is_killed_every_job_ends_and_the_index_is_the_clean_one(site: Site, reader: Aelus, working: Path) -> None:
    seed = random.randrange(1 << 32)
    chance, location = random.Random(seed), f"file://{working.parent / 'origin.git'}"
    await asyncio.to_thread(site.ask, {"git_url": location})
    await asyncio.to_thread(site.wait_until_done)
    reading = asyncio.create_task(keep_reading(reader, "origin"))
    for number in range(KILLS):
        await asyncio.to_thread(push, working, number + 1)
        await asyncio.to_thread(site.ask, {"git_url": location})
        await asyncio.sleep(chance.uniform(0, LONGEST_S))
        assert not reading.done(), reading.result()
        await asyncio.to_thread(site.kill, VICTIMS[number % len(VICTIMS)] if number < len(VICTIMS) else chance.choice(VICTIMS))
    await asyncio.to_thread(site.ask, {"git_url": location})
    jobs = await asyncio.to_thread(site.wait_until_done)
    reading.cancel()
    assert await reading > KILLS
    assert jobs[0]["status"] == "succeeded", (seed, jobs[0])
    (known,) = await reader.repositories()
    async with container.open_memory(load_settings(path_roots=(working.parent,))) as use:
        await use.ports().repositories.add(LOCAL_TENANT, known)
        await use.index_repository()(LOCAL_TENANT, known.id)
        clean, stored = Aelus(use), reader
        assert await versions_seen(stored, "origin") == {str(KILLS)}, seed
        assert await graph_of(stored, "origin") == await graph_of(clean, "origin"), seed
