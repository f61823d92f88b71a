"""The process that talks to a Git server: fetches one revision, lists it, and lays out the files that are asked for.

Run as `python -m aelus.adapters.git.fetcher FOLDER`. Requests are lines of JSON on the standard input, answers on the standard output:
an `Order` is answered by `listing.json` in the folder, and then a list of numbers of its entries by the file `blobs` with their bytes one
after the other. An answer is `{}` or `{"error": kind, "detail": text}`. Credentials come in the order and go nowhere else.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import urllib3.exceptions
from dulwich.client import FetchPackResult, GitClient, HTTPUnauthorized
from dulwich.errors import ChecksumMismatch, GitProtocolError, HangupException, NotGitRepository, ObjectFormatException
from dulwich.objects import Commit, ObjectID, Tag
from dulwich.refs import HEADREF, Ref
from dulwich.repo import Repo

from aelus.adapters.git.capped_client import CappedGitClient, FetchLimit, HostKeyRefused, KeyRefused, Redirected
from aelus.adapters.git.guarded_connection import AddressRefused, Guard
from aelus.adapters.git.tree_listing import TooManyEntries, TreeEntry, list_tree
from aelus.domain.exclusions import OWN_IGNORE
from aelus.domain.tree_kinds import FILE

MAX_IGNORE_BYTES: Final = 64 * 1024
MAX_IGNORE_FILES: Final = 200
_HEADS: Final = "refs/heads/"
_MAX_TAGS: Final = 10
_GRACE_S: Final = 30


class NoSuchBranch(Exception):
    pass


class Fetcher:
    """Serves one order."""

    def __init__(self, folder: Path, order: dict[str, Any]) -> None:
        self._folder = folder
        self._order = order
        self._entries: list[TreeEntry] = []
        self._repo: Repo | None = None

    def fetch(self) -> None:
        """Open or fetch the repository and write `listing.json`."""
        branch, head = self._open_local() if self._order["path"] else self._fetch_remote()
        if self._is_known(head):
            listing = {"branch": branch, "commit": self._order["known"], "entries": [], "ignores": {}, "same": True}
        else:
            repo = self._opened()
            commit = _peel(repo, head)
            self._entries = sorted(list_tree(repo.object_store, commit.tree, most=self._order["max_entries"]))
            listing = {
                "branch": branch,
                "commit": commit.id.decode("ascii"),
                "entries": [(entry.path, entry.kind) for entry in self._entries],
                "ignores": self._ignores(),
                "same": False,
            }
        (self._folder / "listing.json").write_text(json.dumps(listing), encoding="utf-8")

    def lay_out(self, wanted: Sequence[int]) -> list[tuple[int, int]]:
        """Write the bytes of entries to `blobs`; (number, size) in that order. A file that is too large has no bytes, its size is known."""
        store = self._opened().object_store
        sizes: list[tuple[int, int]] = []
        left = int(self._order["max_total_bytes"])
        with (self._folder / "blobs").open("wb") as blobs:
            for number in wanted:
                _, source = store.get_raw(ObjectID(self._entries[number].object_id.encode("ascii")))
                sizes.append((number, len(source)))
                if len(source) <= self._order["max_file_bytes"]:
                    left -= len(source)
                    blobs.write(source)
                if left < 0:
                    raise FetchLimit(f"{self._order['max_total_bytes']} bytes of source (max_repository_bytes)")
        return sizes

    def _opened(self) -> Repo:
        if self._repo is None:
            raise NotGitRepository
        return self._repo

    def _open_local(self) -> tuple[str, ObjectID]:
        self._repo = Repo(self._order["path"])
        wanted = self._order["branch"]
        refs = self._repo.refs
        names = [_HEADS + wanted, f"refs/tags/{wanted}"] if wanted else [refs.follow(HEADREF)[0][-1].decode()]
        return _choose({name: refs[Ref(name.encode())] for name in names if Ref(name.encode()) in refs}, names)

    def _fetch_remote(self) -> tuple[str, ObjectID]:
        self._repo = Repo.init_bare(str(self._folder / "repository.git"), mkdir=True)
        order = self._order
        client, path = self._ssh() if order["ssh"] else (self._http(), "")
        wanted = order["branch"]
        names = [_HEADS + wanted, f"refs/tags/{wanted}"] if wanted else ["HEAD"]
        result = client.fetch(
            path,
            self._repo,
            determine_wants=lambda refs, depth=None: self._wanted(_choose(_decoded(refs), names)[1]),  # noqa: ARG005 -- the library's name
            depth=1,
            ref_prefix=[name.encode() for name in names],
        )
        return _branch_of(result, names)

    def _http(self) -> GitClient:
        order = self._order
        return CappedGitClient(
            order["url"],
            guard=Guard(order["allowed_private"]),
            max_bytes=order["max_fetch_bytes"],
            max_objects=order["max_fetch_objects"],
            deadline=time.monotonic() + order["max_fetch_s"],
            username=order["username"],
            password=order["password"],
        )

    def _ssh(self) -> tuple[GitClient, str]:
        """Client, and path at the server. The trusted host keys are no secret, and lie in a file for as long as the folder does."""
        from aelus.adapters.git.ssh_client import CappedSshClient, PinnedSsh

        order, known_hosts = self._order, self._folder / "known_hosts"
        known_hosts.write_text(order["known_hosts"] + "\n", encoding="utf-8")
        vendor = PinnedSsh(
            guard=Guard(order["allowed_private"]),
            private_key=order["private_key"],
            known_hosts=known_hosts,
            max_bytes=order["max_fetch_bytes"],
            deadline=time.monotonic() + order["max_fetch_s"],
        )
        server = order["ssh"]
        client = CappedSshClient(server["host"], server["port"], order["username"], vendor, max_objects=order["max_fetch_objects"])
        return client, server["path"]

    def _wanted(self, head: ObjectID) -> list[ObjectID]:
        return [] if self._is_known(head) else [head]

    def _is_known(self, head: ObjectID) -> bool:
        return bool(head.decode("ascii") == self._order["known"])

    def _ignores(self) -> dict[str, str]:
        store = self._opened().object_store
        found: dict[str, str] = {}
        for entry in self._entries:
            if entry.kind == FILE and entry.path.rpartition("/")[2] == OWN_IGNORE and len(found) < MAX_IGNORE_FILES:
                _, source = store.get_raw(ObjectID(entry.object_id.encode("ascii")))
                found[entry.path] = source[:MAX_IGNORE_BYTES].decode("utf-8", "replace")
        return found


def _choose(refs: Mapping[str, ObjectID | None], names: Sequence[str]) -> tuple[str, ObjectID]:
    """The first of the names that exists. Raises NoSuchBranch."""
    for name in names:
        head = refs.get(name)
        if head:
            return name.removeprefix(_HEADS) if name.startswith(_HEADS) else "", head
    raise NoSuchBranch


def _decoded(refs: Mapping[Ref, ObjectID | None]) -> dict[str, ObjectID | None]:
    return {name.decode("utf-8", "replace"): head for name, head in refs.items()}


def _branch_of(result: FetchPackResult, names: Sequence[str]) -> tuple[str, ObjectID]:
    branch, head = _choose(_decoded(result.refs), names)
    target = result.symrefs.get(HEADREF, b"").decode() if names == ["HEAD"] else ""
    return branch or target.removeprefix(_HEADS), head


def _peel(repo: Repo, head: ObjectID) -> Commit:
    for _ in range(_MAX_TAGS):
        found = repo.object_store[head]
        if isinstance(found, Commit):
            return found
        if not isinstance(found, Tag):
            break
        head = found.object[1]
    raise NoSuchBranch


def _explain(error: BaseException) -> dict[str, str]:
    """Kind and words of a failure. The order of the rules matters: the first that fits is taken."""
    causes = _causes(error)
    for kinds, name in _KINDS:
        cause = next((cause for cause in causes if isinstance(cause, kinds)), None)
        if cause is not None:
            return {"error": name, "detail": _detail(name, cause, causes)}
    return {"error": "broken", "detail": type(error).__name__}


def _detail(name: str, cause: BaseException, causes: Sequence[BaseException]) -> str:
    """Words that are fit to be shown: those of this package's own errors, and of the operating system."""
    if name in ("limit", "private", "redirect", "host_key", "ssh_key"):
        return str(cause)
    told = (one.strerror for one in causes if isinstance(one, OSError) and one.strerror)
    own = str(cause) if type(cause) is ConnectionError else type(cause).__name__
    return next(told, own)


_KINDS: Final[tuple[tuple[tuple[type[BaseException], ...], str], ...]] = (
    ((ModuleNotFoundError,), "no_ssh"),
    ((AddressRefused,), "private"),
    ((HostKeyRefused,), "host_key"),
    ((KeyRefused,), "ssh_key"),
    ((FetchLimit,), "limit"),
    ((Redirected,), "redirect"),
    ((TooManyEntries,), "entries"),
    ((MemoryError,), "memory"),
    ((HTTPUnauthorized,), "unauthorized"),
    ((NoSuchBranch,), "branch"),
    ((NotGitRepository,), "not_found"),
    ((urllib3.exceptions.SSLError,), "certificate"),
    ((HangupException, ChecksumMismatch, ObjectFormatException), "broken"),
    ((urllib3.exceptions.HTTPError, ConnectionError, TimeoutError), "unavailable"),
    ((GitProtocolError,), "broken"),
    ((OSError,), "unavailable"),
)


def _causes(error: BaseException) -> list[BaseException]:
    """The error, what it came from, and what urllib3 keeps inside of its own errors."""
    causes: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, BaseException) and one not in causes:
            causes.append(one)
            waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
    return causes


def _limit_process(order: dict[str, Any]) -> None:
    """Bounds that hold even inside of one read, and if nobody watches this process any more."""
    signal.signal(signal.SIGALRM, _out_of_time)
    signal.setitimer(signal.ITIMER_REAL, order["max_fetch_s"])
    resource.setrlimit(resource.RLIMIT_CPU, (int(order["max_fetch_s"]) + _GRACE_S,) * 2)
    resource.setrlimit(resource.RLIMIT_DATA, (order["max_memory_bytes"],) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _out_of_time(_signal: int, _frame: object) -> None:
    raise FetchLimit("the time allowed (max_fetch_s)")


def _answer(content: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(content) + "\n")
    sys.stdout.flush()


def main() -> None:
    folder, order = Path(sys.argv[1]), json.loads(sys.stdin.readline())
    _limit_process(order)
    fetcher = Fetcher(folder, order)
    try:
        fetcher.fetch()
        _answer({})
        wanted = json.loads(sys.stdin.readline() or "[]")
        sizes = fetcher.lay_out(wanted)
        (folder / "sizes.json").write_text(json.dumps(sizes), encoding="utf-8")
        _answer({})
    except Exception as error:  # noqa: BLE001 -- the outermost loop of a process: whatever went wrong is told to the one who asked
        _answer(_explain(error))


if __name__ == "__main__":
    main()
