"""The embedded server under real processes that come, go and are killed."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from aelus.adapters.postgres.embedded.server import EmbeddedPostgres
from aelus.ports.errors import Misconfigured

USER = """
import asyncio, sys
from pathlib import Path
from aelus.adapters.postgres.embedded.server import EmbeddedPostgres
async def main():
    async with EmbeddedPostgres(Path(sys.argv[1])) as server:
        print(await server.start(), flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""
ENDS_S = 15.0


def start_user(home: Path) -> tuple[subprocess.Popen[str], str]:
    """A process that uses the server, and the address that it got."""
    process = subprocess.Popen([sys.executable, "-c", USER, str(home)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def processes_of(home: Path, word: str) -> list[psutil.Process]:
    """Processes of a home's server whose command line has the word."""
    state = (home / "postgres").resolve()
    found = (process for process in psutil.process_iter(["cmdline"]) if word in " ".join(process.info["cmdline"] or ()))
    return [process for process in found if str(state) in " ".join(process.info["cmdline"])]


async def rows(address: str) -> int:
    connection = await asyncpg.connect(address, passfile="/dev/null")
    try:
        return int(await connection.fetchval("select count(*) from kept"))
    finally:
        await connection.close()


async def add_row(address: str) -> None:
    connection = await asyncpg.connect(address, passfile="/dev/null")
    await connection.execute("create table if not exists kept (n int); insert into kept values (1)")
    await connection.close()


async def eventually_rows(address: str) -> int:
    deadline = time.monotonic() + ENDS_S
    while True:
        try:
            return await rows(address)
        except (OSError, asyncpg.PostgresError):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.1)


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that every user may reach, so that its server lies in it also when the tests run as root: not below pytest's."""
    with tempfile.TemporaryDirectory(prefix="aelus-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        one = Path(folder, "home")
        yield one
        for process in (*processes_of(one, "supervisor"), *processes_of(one.with_name("other"), "supervisor")):
            process.kill()


async def test_processes_share_one_server(home: Path) -> None:
    first, address = start_user(home)
    second, same = start_user(home)
    assert address == same
    assert len(processes_of(home, "bin/postgres -D")) == 1
    kill(first)
    kill(second)


async def test_the_server_outlives_the_process_that_started_it(home: Path) -> None:
    first, address = start_user(home)
    second, _ = start_user(home)
    await add_row(address)
    kill(first)
    await asyncio.sleep(5)
    assert await rows(address) == 1
    kill(second)


async def test_the_server_stops_behind_its_last_user_and_keeps_the_data(home: Path) -> None:
    user, address = start_user(home)
    await add_row(address)
    kill(user)
    _, alive = await asyncio.to_thread(psutil.wait_procs, processes_of(home, "bin/postgres -D"), ENDS_S)
    assert alive == []
    again, address = start_user(home)
    assert await rows(address) == 1
    kill(again)


async def test_a_killed_server_is_started_again_at_the_same_address(home: Path) -> None:
    user, address = start_user(home)
    await add_row(address)
    os.kill(processes_of(home, "bin/postgres -D")[0].pid, signal.SIGKILL)
    assert await eventually_rows(address) == 1
    kill(user)


async def test_a_killed_supervisor_is_replaced_by_the_next_user(home: Path) -> None:
    first, address = start_user(home)
    await add_row(address)
    os.kill(processes_of(home, "supervisor")[0].pid, signal.SIGKILL)
    second, address = start_user(home)
    assert await rows(address) == 1
    kill(first)
    kill(second)


async def test_a_stale_pid_file_does_no_harm(home: Path) -> None:
    async with EmbeddedPostgres(home) as server:
        await add_row(await server.start())
    await asyncio.to_thread(psutil.wait_procs, processes_of(home, "bin/postgres -D"), ENDS_S)
    (home / "postgres" / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    async with EmbeddedPostgres(home) as server:
        assert await rows(await server.start()) == 1


async def test_a_second_home_has_its_own_server(home: Path) -> None:
    async with EmbeddedPostgres(home) as one, EmbeddedPostgres(home.with_name("other")) as two:
        assert await one.start() != await two.start()


async def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    for home in (file, file / "below"):
        with pytest.raises(Misconfigured, match="AELUS_HOME"):
            await EmbeddedPostgres(home).start()


async def test_what_went_wrong_first_is_told(home: Path) -> None:
    program = home.parent / "binaries/initdb"
    program.parent.mkdir(parents=True)
    told = "creating directory\nFATAL:  out of shared memory\ninitdb: removing contents of data directory\ninitdb: error: failed to remove"
    program.write_text(f"#!/bin/sh\necho '{told}' >&2\nexit 1\n")
    program.chmod(0o755)
    with pytest.raises(Misconfigured, match="out of shared memory"):
        await EmbeddedPostgres(home, binaries=program.parent).start()


async def test_the_password_is_for_its_owner_alone(home: Path) -> None:
    async with EmbeddedPostgres(home) as server:
        address = await server.start()
    assert (home / "postgres" / "password").stat().st_mode & 0o777 == 0o600
    assert (home / "postgres" / "password").read_text() in address
