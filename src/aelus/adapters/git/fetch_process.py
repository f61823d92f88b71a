"""Having the fetcher work in a process of its own, which ends with the context whatever happens."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from aelus.adapters.git.address import GitAddress, GitPolicy
from aelus.domain.source import SourceLimits
from aelus.ports.errors import InvalidRequest, LimitExceeded, LocationNotFound, PortError, Unavailable

_GRACE_S: Final = 10.0
"""Time for the process to say itself that its time is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    branch: str
    commit: str
    entries: Sequence[tuple[str, str]]
    """Path and kind."""
    ignores: Mapping[str, str]
    """Texts of the ignore files by path."""
    same: bool
    """Whether the commit is the known one: nothing is listed then."""


class FetchProcess:
    """A started fetcher. Each method raises LocationNotFound, InvalidRequest, LimitExceeded or Unavailable."""

    def __init__(self, process: asyncio.subprocess.Process, folder: Path, address: GitAddress, branch: str, timeout_s: float) -> None:
        self._process = process
        self._folder = folder
        self._address = address
        self._branch = branch
        self._timeout_s = timeout_s

    async def listing(self, order: Mapping[str, Any]) -> Listing:
        """Send the order and wait for the listing."""
        await self._ask(order)
        return Listing(**await asyncio.to_thread(self._read_json, "listing.json"))

    async def blobs(self, numbers: Sequence[int]) -> Sequence[tuple[int, int]]:
        """Have the bytes of entries laid out in the file `blobs`; (number, size) in their order."""
        await self._ask(numbers)
        return [(number, size) for number, size in await asyncio.to_thread(self._read_json, "sizes.json")]

    async def _ask(self, message: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(self._timeout_s):
                self._process.stdin.write(json.dumps(message).encode() + b"\n")
                await self._process.stdin.drain()
                line = await self._process.stdout.readline()
        except TimeoutError as error:
            raise LimitExceeded(f"Reading {self._address.url} took longer than allowed (max_fetch_s).", "Raise the limit.") from error
        except ConnectionError:
            line = b""
        answer = json.loads(line or b'{"error": "died"}')
        if answer.get("error"):
            raise _error(answer["error"], answer.get("detail", ""), self._address.url, self._branch)

    def _read_json(self, name: str) -> Any:
        return json.loads((self._folder / name).read_text(encoding="utf-8"))


@asynccontextmanager
async def start_fetcher(folder: Path, address: GitAddress, branch: str, policy: GitPolicy) -> AsyncIterator[FetchProcess]:
    """Start a fetcher that works in an empty folder. It inherits no environment, and imports nothing from the working folder."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "aelus.adapters.git.fetcher",
        str(folder),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "HOME": str(folder)},
        start_new_session=True,
    )
    try:
        yield FetchProcess(process, folder, address, branch, policy.max_fetch_s + _GRACE_S)
    finally:
        await _end(process)


def order_for(address: GitAddress, branch: str, policy: GitPolicy, limits: SourceLimits, known: str = "") -> dict[str, Any]:
    """What the fetcher is told."""
    return {
        "url": address.url,
        "path": str(address.path or ""),
        "ssh": asdict(address.ssh) if address.ssh else None,
        "private_key": address.private_key,
        "known_hosts": address.known_hosts,
        "username": address.username,
        "password": address.password,
        "branch": branch,
        "known": known,
        "allowed_private": policy.allowed_private,
        "max_fetch_bytes": policy.max_fetch_bytes,
        "max_fetch_objects": policy.max_fetch_objects,
        "max_fetch_s": policy.max_fetch_s,
        "max_memory_bytes": policy.max_memory_bytes,
        "max_entries": policy.max_entries,
        "max_file_bytes": limits.max_file_bytes,
        "max_total_bytes": limits.max_total_bytes,
    }


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill the process if it still runs, with all that it started, and wait for it."""
    if process.stdin is not None:
        process.stdin.close()
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    await asyncio.shield(process.wait())


def _error(kind: str, detail: str, url: str, branch: str) -> PortError:
    """The error of a kind that the fetcher names."""
    make, message, hint = _ERRORS.get(kind, _ERRORS["broken"])
    return make(message.format(url=url, branch=branch, detail=detail), hint)


_ERRORS: Final[Mapping[str, tuple[type[PortError], str, str]]] = {
    "private": (InvalidRequest, "{url} is refused: {detail}.", "Its owner can allow the host."),
    "redirect": (InvalidRequest, "{url} points to {detail}.", "Give the final address of the repository."),
    "limit": (LimitExceeded, "{url} needs more than {detail}.", "Raise the limit."),
    "entries": (LimitExceeded, "{url} has more files and folders than can be listed.", "Index a part of it as a folder."),
    "memory": (LimitExceeded, "{url} needs more memory to unpack than allowed (max_memory_bytes).", "Raise the limit."),
    "unauthorized": (
        LocationNotFound,
        "{url} does not admit these credentials, or needs some.",
        "Give https://user:token@host/name, or keep them (`aelus repos secret`); those of an address are forgotten when it is changed.",
    ),
    "branch": (LocationNotFound, "{url} has no branch {branch!r}, or no commit yet.", "Check the name of the branch."),
    "not_found": (LocationNotFound, "There is no Git repository at {url}.", "Check the address."),
    "host_key": (
        InvalidRequest,
        "{url} is not trusted: {detail}.",
        "Keep the right one: `ssh-keyscan HOST | aelus repos secret NAME known_hosts`, after checking it.",
    ),
    "ssh_key": (
        LocationNotFound,
        "{url} cannot be opened: {detail}.",
        "Keep a private key that it admits: `aelus repos secret NAME ssh_key < KEY`.",
    ),
    "no_ssh": (InvalidRequest, "{url} is an address of ssh, which is not installed here.", "Install `aelus[ssh]`."),
    "certificate": (Unavailable, "The certificate of {url} cannot be trusted.", "Check the address and the server's certificate."),
    "unavailable": (Unavailable, "{url} does not answer: {detail}.", "Try again later."),
    "died": (Unavailable, "Reading {url} ended without an answer.", "Try again; a repository that does this always is broken."),
    "broken": (Unavailable, "{url} sent what is no valid repository ({detail}).", "Try again; `git clone` shows whether it is broken."),
}
