"""Commands that ask a server say what they say at the index itself, word for word."""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import redirect_stderr, redirect_stdout
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import pytest
import pytest_asyncio

from aelus import Aelus
from aelus.adapters.postgres.embedded.server import EmbeddedPostgres
from aelus.entrypoints.cli import main
from sample_project import write_project
from services import free_port

GIT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "HOME": os.devnull, "PATH": os.defpath}
AUTHOR = ("-c", "user.name=A", "-c", "user.email=a@example.org")


AGO = re.compile(r"(\d+ \w+ ago|just now)")


class Outcome(NamedTuple):
    code: int
    said: str
    complained: str


Run = Callable[..., Outcome]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def folder(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Path]:
    """With a home whose database stays up, and an index of the sample project in it."""
    found = tmp_path_factory.mktemp("remote")
    async with EmbeddedPostgres(found / "home"):
        async with Aelus.open(home=found / "home") as aelus:
            await aelus.index(write_project(found / "project"))
        yield found


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AELUS_", "VOYAGE_"))}
    return kept | {"AELUS_HOME": str(folder / "home"), "AELUS_PARSER_PROCESSES": "1", "AELUS_PATH_ROOTS": str(folder), **more}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def address(folder: Path) -> AsyncIterator[str]:
    """Of a server over the same home."""
    port = free_port()
    command = (sys.executable, "-m", "aelus", "serve", "--port", str(port))
    process = await asyncio.create_subprocess_exec(*command, env=environment(folder), stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    await asyncio.wait_for(process.stdout.readline(), 60)
    yield f"http://127.0.0.1:{port}"
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 30) == 0


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    def run(*arguments: str, **more: str) -> Outcome:
        said, complained = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
        with monkeypatch.context() as patch, redirect_stdout(said), redirect_stderr(complained):
            for name in [name for name in os.environ if name.startswith(("AELUS_", "VOYAGE_"))]:
                patch.delenv(name)
            for name, value in environment(folder, **more).items():
                patch.setenv(name, value)
            try:
                code = main(arguments)
            except SystemExit as end:
                code = int(end.code or 0)
        said.flush()
        return Outcome(code, said.buffer.getvalue().decode(), complained.getvalue())

    return run


def asked(address: str) -> dict[str, str]:
    return {"AELUS_URL": address, "AELUS_API_KEY": "whatever a machine of one's own is shown"}


@pytest.mark.parametrize(
    "command",
    [
        "search net price --json",
        "search take the tax off a price -k 3",
        "search price --lang python --kind Function --path shop --group file --json",
        "search price --repo project --json",
        "search price --repo nothing",
        "search zzzz --lang klingon",
        "search zzqqxx",
        "search price --lang go",
        "search nett_price",
        "callers nett_price",
        "impact Cart.toatl",
        "repos left-out project",
        "context zzqqxx",
        "context how is the total made --lang py --kind function --path shop --json",
        "context how is the total made --json",
        "context how is the total made --max-tokens 600 --no-neighbours",
        "callers net_price --json",
        "callers net_price",
        "callees pay --json",
        "callees Cart.total --repo project",
        "callers net_prise",
        "impact net_price --json",
        "impact Cart",
        "impact nothing_of_the_kind",
        "repos",
        "repos --json",
        "jobs",
        "jobs cancel 00000000-0000-4000-8000-00000000dead",
        "repos remove nothing",
    ],
)
def test_a_server_says_what_the_index_says(run: Run, address: str, command: str) -> None:
    here, there = run(*command.split()), run(*command.split(), **asked(address))
    assert [AGO.sub("", text) for text in (there.said, there.complained)] == [AGO.sub("", text) for text in (here.said, here.complained)]
    assert there.code == here.code
    assert here.said or here.complained


def push(folder: Path) -> str:
    """A repository with a commit; its address."""
    place = write_project(folder / "origin")
    for command in (("init", "-q", "-b", "main"), ("add", "-A"), (*AUTHOR, "commit", "-q", "-m", "one")):
        subprocess.run(["git", "-C", str(place), *command], check=True, capture_output=True, env=GIT)
    return f"file://{place}"


def test_a_server_indexes_an_address(run: Run, address: str, folder: Path) -> None:
    location = push(folder)
    first = run("index", location, "--json", **asked(address))
    assert first.code == 0, first.complained
    report = json.loads(first.said)
    assert (report["repository"], report["written"]["nodes"], report["changes"]["added"]) == ("origin", report["nodes"], report["files"])
    again = json.loads(run("index", location, "--json", **asked(address)).said)
    assert again["written"] == {"nodes": 0, "edges": 0, "chunks": 0}
    here = json.loads(run("index", location, "--json").said)
    assert here | {"seconds": 0, "peak_memory_bytes": 0} == again | {"seconds": 0, "peak_memory_bytes": 0}
    assert "origin is forgotten" in run("repos", "remove", "origin", **asked(address)).said


def test_keys_are_made_listed_and_revoked_at_a_server(run: Run, address: str) -> None:
    made = json.loads(run("keys", "create", "of the pipeline", "--json", **asked(address)).said)
    listed = [json.loads(line) for line in run("keys", "list", "--json", **asked(address)).said.splitlines()]
    revoked = run("keys", "revoke", made["id"], **asked(address))
    assert made["key"].startswith("aelus_")
    assert [key["id"] for key in listed] == [made["id"]]
    assert revoked == Outcome(0, f"Key {made['id']} opens nothing any more.\n", "")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("index .", "cannot read"),
        ("export --repo project", "AELUS_URL"),
        ("tenants list", "AELUS_URL"),
        ("keys create x --tenant 00000000-0000-4000-8000-00000000dead", "--tenant"),
        ("keys list --operator", "AELUS_URL"),
    ],
)
def test_what_a_server_does_not_do_is_refused(run: Run, address: str, command: str, words: str) -> None:
    outcome = run(*command.split(), **asked(address))
    assert outcome.code == 2
    assert words in outcome.complained


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "nonsense", "http://", "ftp://127.0.0.1"])
def test_a_server_that_is_not_there_is_named(run: Run, url: str) -> None:
    outcome = run("repos", **asked(url))
    assert outcome.code == 1
    assert "AELUS_URL" in outcome.complained


def test_a_server_for_one_person_asks_for_no_key(run: Run, address: str) -> None:
    outcome = run("repos", AELUS_URL=address)
    assert (outcome.code, outcome.complained) == (0, "")


class Doorkeeper(BaseHTTPRequestHandler):
    """Lets nobody in."""

    def do_GET(self) -> None:
        body = b'{"title": "Unauthorized", "status": 401, "detail": "A credential is needed."}'
        self.send_response(401)
        self.send_header("Content-Type", "application/problem+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


def test_who_is_not_let_in_is_told_where_a_key_goes(run: Run) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Doorkeeper) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        outcome = run("repos", AELUS_URL=f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
    assert outcome.code == 1
    assert "A credential is needed. Set AELUS_API_KEY" in outcome.complained
