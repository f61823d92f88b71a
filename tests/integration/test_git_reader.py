from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from dulwich.repo import Repo
from dulwich.server import BackendRepo, DictBackend
from dulwich.web import HTTPGitApplication

from aelus.adapters.git import GitPolicy, GitReader
from aelus.domain.secrets import SecretPurpose
from aelus.domain.source import SkipReason, SourceLimits
from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints.container import open_memory
from aelus.entrypoints.settings import load_settings
from aelus.ports.errors import InvalidRequest, LimitExceeded, LocationNotFound, Unavailable
from git_commands import COMMIT, git
from lying_git_server import bomb, branching, endless_pack, lying

LOOPBACK = GitPolicy(allow_http=True, allowed_private=("127.0.0.1",), max_fetch_s=20)
App = Callable[..., Any]


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("origin")
    git(folder, "init", "-q", "-b", "trunk")
    (folder / "main.py").write_text("def main():\n    return 1\n")
    (folder / "big.py").write_text("value = 1\n" * 2000)
    (folder / "notes.txt").write_text("nothing\n")
    (folder / "left_out.py").write_text("x = 1\n")
    (folder / ".aelusignore").write_text("left_out.py\n")
    (folder / "stored.py").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n")
    (folder / "node_modules").mkdir()
    (folder / "node_modules" / "theirs.py").write_text("x = 1\n")
    (folder / "link.py").symlink_to("/etc/hostname")
    git(folder, "add", "-A")
    git(folder, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    git(folder, *COMMIT)
    git(folder, "branch", "other")
    return folder


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name is the library's
        pass


class _Patient(WSGIServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away early is what these tests are about."""


@contextmanager
def serving(app: App) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, server_class=_Patient, handler_class=_Silent)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def smart(origin: Path) -> Iterator[App]:
    with Repo(str(origin)) as repo:
        repositories: dict[str, BackendRepo] = {"/repo": repo}
        yield HTTPGitApplication(DictBackend(repositories))


def reader(policy: GitPolicy = LOOPBACK, **limits: int) -> GitReader:
    return GitReader(
        language_of=lambda path: "python" if path.endswith(".py") else "", policy=policy, limits=replace(SourceLimits(), **limits)
    )


def answering(status: str, *headers: tuple[str, str], body: bytes = b"") -> App:
    def app(_environ: object, start_response: App) -> list[bytes]:
        start_response(status, list(headers))
        return [body]

    return app


async def test_a_repository_is_read_over_http_at_its_default_branch(smart: App, origin: Path) -> None:
    with serving(smart) as url:
        async with reader().open(f"{url}/repo") as tree:
            sources = await tree.read(["main.py", "missing.py"])
    assert (tree.revision.branch, tree.revision.commit) == ("trunk", git(origin, "rev-parse", "HEAD"))
    assert [file.path for file in tree.revision.files] == ["big.py", "main.py"]
    assert sources == [b"def main():\n    return 1\n", None]


async def test_a_commit_that_is_known_is_not_fetched_again(smart: App, origin: Path, tmp_path: Path) -> None:
    asked = list[str]()

    def counted(environ: dict[str, Any], start_response: App) -> Any:
        asked.append(environ["PATH_INFO"])
        return smart(environ, start_response)

    with serving(counted) as url:
        async with reader().open(f"{url}/repo") as tree:
            known = tree.revision
        asked.clear()
        async with reader().open(f"{url}/repo", known=known) as tree:
            assert tree.revision is known
        assert asked == ["/repo/info/refs"]
        async with reader().open(f"{url}/repo", known=replace(known, commit="1" * 40)) as tree:
            assert tree.revision == known
    git(origin, "clone", "-q", "--bare", str(origin), str(tmp_path / "bare.git"))
    async with reader(GitPolicy(file_roots=(tmp_path,))).open(f"file://{tmp_path}/bare.git", known=known) as tree:
        assert tree.revision is known


def test_other_limits_or_names_are_another_selection() -> None:
    assert reader().selection == reader().selection != reader(max_file_bytes=2048).selection


async def test_what_is_left_out_of_a_repository_is_told_with_its_reason(smart: App) -> None:
    with serving(smart) as url:
        async with reader(max_file_bytes=1024).open(f"{url}/repo", "other") as tree:
            skipped = {file.path: file.reason for file in tree.revision.skipped}
            details = {file.path: file.detail for file in tree.revision.skipped}
    assert (skipped["stored.py"], details["stored.py"]) == (SkipReason.UNREADABLE, "its content is in Git LFS")
    assert details["module"] == "a submodule"
    assert skipped["big.py"] is SkipReason.TOO_LARGE
    assert skipped["left_out.py"] is SkipReason.IGNORED
    assert skipped["link.py"] is SkipReason.SYMLINK
    assert skipped["module"] is SkipReason.VENDORED
    assert skipped["node_modules/"] is SkipReason.VENDORED
    assert skipped["notes.txt"] is SkipReason.UNKNOWN_LANGUAGE


async def test_a_bare_repository_is_read_from_an_allowed_folder(origin: Path, tmp_path: Path) -> None:
    git(origin, "clone", "-q", "--bare", str(origin), str(tmp_path / "bare.git"))
    async with reader(GitPolicy(file_roots=(tmp_path,))).open(f"file://{tmp_path}/bare.git") as tree:
        assert [file.path for file in tree.revision.files] == ["big.py", "main.py"]


async def test_a_folder_outside_of_the_allowed_ones_is_refused(origin: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(origin)
    with pytest.raises(InvalidRequest, match="no folder that file:// addresses may point to"):
        await opened(reader(GitPolicy(file_roots=(tmp_path,))), f"file://{tmp_path}/link")


async def opened(git_reader: GitReader, location: str, branch: str = "") -> None:
    async with git_reader.open(location, branch):
        pass


async def test_an_unknown_branch_is_not_found(smart: App) -> None:
    with serving(smart) as url, pytest.raises(LocationNotFound, match="no branch 'missing'"):
        await opened(reader(), f"{url}/repo", "missing")


async def test_a_page_that_is_no_repository_is_not_found() -> None:
    with serving(answering("200 OK", ("Content-Type", "text/html"), body=b"<p>hello")) as url, pytest.raises(LocationNotFound):
        await opened(reader(), f"{url}/repo")


async def test_missing_credentials_are_told_without_the_given_ones() -> None:
    with serving(answering("401 Unauthorized", ("WWW-Authenticate", "Basic"))) as url:
        address = url.replace("//", "//ann:secret-token@")
        with pytest.raises(LocationNotFound, match="credentials") as caught:
            await opened(reader(), f"{address}/repo")
    assert "secret-token" not in str(caught.value)


def guarded(app: App, username: str, password: str) -> App:
    """The same for those who know the password."""
    wanted = f"Basic {b64encode(f'{username}:{password}'.encode()).decode()}"

    def ask(environ: dict[str, Any], start_response: App) -> Any:
        if environ.get("HTTP_AUTHORIZATION") == wanted:
            return app(environ, start_response)
        return answering("401 Unauthorized", ("WWW-Authenticate", "Basic"))(environ, start_response)

    return ask


async def test_a_kept_credential_opens_a_guarded_repository_and_is_not_stored_with_its_address(smart: App) -> None:
    local = load_settings(git_allow_http=True, git_private_hosts=("127.0.0.1",), parser_processes=1)
    with serving(guarded(smart, "git", "secret-token")) as url:
        async with open_memory(local) as use:
            repository = await use.register_repository()(LOCAL_TENANT, f"{url}/repo")
            with pytest.raises(LocationNotFound, match="aelus repos secret"):
                await use.index_repository()(LOCAL_TENANT, repository.id)
            await use.change_secret()(LOCAL_TENANT, repository.id, SecretPurpose.CREDENTIAL, "secret-token")
            report = await use.index_repository()(LOCAL_TENANT, repository.id)
            known = await use.get_repository()(LOCAL_TENANT, repository.name)
    assert (report.counts.files, "secret" in repr(known)) == (2, False)


async def test_a_redirect_is_refused() -> None:
    with (
        serving(answering("302 Found", ("Location", "http://10.0.0.1/x"))) as url,
        pytest.raises(InvalidRequest, match=r"points to 10\.0\.0\.1"),
    ):
        await opened(reader(), f"{url}/repo")


async def test_a_private_address_is_refused_before_it_is_asked() -> None:
    asked: list[object] = []
    forbidding = reader(replace(LOOPBACK, allowed_private=()))
    with serving(lambda environ, _: asked.append(environ)) as url, pytest.raises(InvalidRequest, match="not public"):
        await opened(forbidding, f"{url}/repo")
    assert asked == []


async def test_a_name_that_leads_to_a_private_address_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="not public"):
        await opened(reader(replace(LOOPBACK, allowed_private=("192.0.2.1",))), "https://localhost/repo")


async def test_more_bytes_than_allowed_end_the_fetch(smart: App) -> None:
    with serving(smart) as url, pytest.raises(LimitExceeded, match="max_fetch_bytes"):
        await opened(reader(replace(LOOPBACK, max_fetch_bytes=600)), f"{url}/repo")


async def test_more_objects_than_allowed_are_refused_at_the_head_of_the_pack() -> None:
    with serving(lying(b"1" * 40, endless_pack(objects=1_001))) as url, pytest.raises(LimitExceeded, match="1000 objects"):
        await opened(reader(replace(LOOPBACK, max_fetch_objects=1_000)), f"{url}/repo")


async def test_more_source_than_allowed_is_refused(smart: App) -> None:
    with serving(smart) as url, pytest.raises(LimitExceeded, match="max_repository_bytes"):
        await opened(reader(max_total_bytes=5000), f"{url}/repo")


async def test_a_pack_that_breaks_off_is_an_error_of_the_server(smart: App) -> None:
    with serving(cut_short(smart)) as url, pytest.raises(Unavailable):
        await opened(reader(), f"{url}/repo")


def cut_short(smart: App) -> App:
    """The same server, whose answers to POST lack their last third; it writes through what `start_response` returns."""

    def app(environ: dict[str, Any], start_response: App) -> list[bytes]:
        written: list[bytes] = []
        smart(environ, lambda status, headers: start_response(status, headers) and written.append)
        body = b"".join(written)
        return [body[: len(body) * 2 // 3] if environ["REQUEST_METHOD"] == "POST" else body]

    return app


async def test_a_pack_without_end_is_left_at_the_limit() -> None:
    with serving(lying(b"1" * 40, endless_pack(objects=1_000))) as url, pytest.raises(LimitExceeded, match="max_fetch_bytes"):
        await opened(reader(replace(LOOPBACK, max_fetch_bytes=8_000_000)), f"{url}/repo")


async def test_a_pack_that_unpacks_to_more_than_memory_holds_is_refused() -> None:
    head, pack = bomb(320 * 2**20)
    assert sum(map(len, pack())) < 2**20
    with serving(lying(head, pack)) as url, pytest.raises(LimitExceeded, match="max_memory_bytes"):
        await opened(reader(replace(LOOPBACK, max_memory_bytes=200 * 2**20)), f"{url}/repo")


async def test_few_objects_that_stand_for_more_paths_than_allowed_are_refused() -> None:
    head, pack = branching(levels=40, width=50)
    assert sum(map(len, pack())) < 2**20
    with serving(lying(head, pack)) as url, pytest.raises(LimitExceeded, match="more files and folders than can be listed"):
        await opened(reader(replace(LOOPBACK, max_entries=10_000)), f"{url}/repo")


async def test_paths_that_share_their_objects_are_read_as_long_as_they_are_few() -> None:
    head, pack = branching(levels=2, width=5)
    with serving(lying(head, pack)) as url:
        async with reader().open(f"{url}/repo") as tree:
            assert len(tree.revision.files) == 5**2


async def test_a_small_pack_is_taken_from_the_same_server() -> None:
    head, pack = bomb(2**20)
    with serving(lying(head, pack)) as url:
        async with reader().open(f"{url}/repo") as tree:
            assert (tree.revision.commit, tree.revision.branch) == (head.decode(), "trunk")
            assert [(file.path, file.reason) for file in tree.revision.skipped] == [("a.py", SkipReason.BINARY)]


async def test_a_server_that_drips_is_left_in_time() -> None:
    began = time.monotonic()
    with serving(dripping) as url, pytest.raises(LimitExceeded, match="max_fetch_s"):
        await opened(reader(replace(LOOPBACK, max_fetch_s=1.0)), f"{url}/repo")
    assert time.monotonic() - began < 10


def dripping(_environ: object, start_response: App) -> Iterator[bytes]:
    start_response("200 OK", [("Content-Type", "application/x-git-upload-pack-advertisement")])
    yield b"fff0"
    for _ in range(50):
        time.sleep(0.1)
        yield b"0"


async def test_a_server_that_refuses_connections_is_unavailable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(Unavailable, match="refused"):
            await opened(reader(), f"http://127.0.0.1:{taken.getsockname()[1]}/repo")


def holders(scratch: Path, count: int) -> list[tuple[subprocess.Popen[str], Path]]:
    """Processes that hold a folder each until their input ends."""
    program = (
        "import pathlib, sys; from aelus.adapters.git.scratch import _make; print(_make(pathlib.Path(sys.argv[1]))[0], flush=True); input()"
    )
    command = [sys.executable, "-c", program, str(scratch)]
    started = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(count)]
    return [(process, Path(process.stdout.readline().strip())) for process in started if process.stdout]


async def test_what_a_killed_process_left_on_disk_goes_with_the_next_fetch(origin: Path, tmp_path: Path) -> None:
    scratch, bare = tmp_path / "scratch", tmp_path / "bare.git"
    scratch.mkdir()
    git(origin, "clone", "-q", "--bare", str(origin), str(bare))
    (killed, left), (living, held) = holders(scratch, 2)
    killed.kill()
    killed.communicate()
    await opened(GitReader(language_of=lambda _: "", policy=GitPolicy(file_roots=(tmp_path,)), scratch=scratch), f"file://{bare}")
    assert [folder.exists() for folder in (left, held)] == [False, True]
    living.kill()
    living.communicate()


async def test_nothing_is_left_on_disk(smart: App, tmp_path: Path) -> None:
    scratch = GitReader(language_of=lambda _: "python", policy=LOOPBACK, scratch=tmp_path)
    with serving(smart) as url:
        await opened(scratch, f"{url}/repo")
        with pytest.raises(LocationNotFound):
            await opened(scratch, f"{url}/repo", "missing")
    assert os.listdir(tmp_path) == []  # noqa: PTH208 -- a Path's methods are refused in coroutines
