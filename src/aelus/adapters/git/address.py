"""Addresses of Git repositories, and which of them may be read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, quote, unquote, urlsplit

from aelus.domain.secrets import Credential
from aelus.ports.errors import InvalidRequest, LocationNotFound

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_SCP: Final = re.compile(r"(?P<user>[^/\\@:]+)@(?P<host>[^/\\@:]+):(?P<path>.+)", re.DOTALL)
_HOST: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.:_-]*")
_PATH_CHARACTERS: Final = "/~@!$&'()*+,;=:"
_CONTROL: Final = re.compile(r"[\x00-\x20\x7f\\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class GitPolicy:
    """Which servers may be asked, and how much they may send."""

    allow_http: bool = False
    """Whether unencrypted connections are allowed."""
    allow_ssh: bool = False
    """Whether addresses of ssh are allowed."""
    allowed_private: tuple[str, ...] = ()
    """Hosts, addresses and networks (`git.intern`, `10.1.0.0/16`) that may be asked though they are not public."""
    file_roots: tuple[Path, ...] = ()
    """Folders below which `file://` addresses may point."""
    max_fetch_bytes: int = 2 * 1024 * 1024 * 1024
    """What the server may send in all."""
    max_fetch_objects: int = 5_000_000
    """Commits, folders and contents of files that it may send."""
    max_fetch_s: float = 600.0
    """How long all of it may take."""
    max_memory_bytes: int = 3 * 1024 * 1024 * 1024
    """Of the process that unpacks what the server sends."""
    max_entries: int = 2_000_000
    """Files and folders of one revision; trees that contain each other many times can stand for any number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SshServer:
    host: str
    port: int | None
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GitAddress:
    """An address that the policy allows."""

    url: str
    """Without credentials: may be shown and stored."""
    path: Path | None
    """Of a `file://` address."""
    username: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    ssh: SshServer | None = None
    """Of an address of ssh."""
    private_key: str = field(default="", repr=False)
    known_hosts: str = field(default="", repr=False)


def parse_address(location: str, policy: GitPolicy) -> GitAddress:
    """Check an address against the policy.

    Raises:
        InvalidRequest: its kind is not allowed here.
        LocationNotFound: it cannot be an address at all.
    """
    scheme = _SCHEME.match(location)
    kind = scheme.group(1).lower() if scheme else "ssh"
    if kind == "file":
        return _local(location, policy)
    if kind == "https" or (kind == "http" and policy.allow_http):
        return _remote(location, kind)
    if kind == "http":
        raise InvalidRequest("Repositories are not read over unencrypted http here.", "Use the https:// address.")
    if kind in ("ssh", "git+ssh", "ssh+git"):
        if policy.allow_ssh:
            return _over_ssh(location, written_as_url=scheme is not None)
        raise InvalidRequest(
            "Repositories are not read over ssh here.",
            "Use the https:// address, with a token as the password if need be, or allow it with AELUS_GIT_ALLOW_SSH.",
        )
    raise InvalidRequest(f"Repositories are not read over {kind[:20]}:// here.", "Use an https:// address.")


def _remote(location: str, kind: str) -> GitAddress:
    parts = _split(location)
    if not parts.hostname or _CONTROL.search(location):
        raise LocationNotFound("This is no address of a repository.", "It looks like https://host/owner/name.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = f":{parts.port}" if parts.port else ""
    query = f"?{parts.query}" if parts.query else ""
    path = quote(unquote(parts.path), safe=_PATH_CHARACTERS)
    return GitAddress(
        url=f"{kind}://{host}{port}{path}{query}".rstrip("/"),
        path=None,
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


def _over_ssh(location: str, *, written_as_url: bool) -> GitAddress:
    """From `ssh://user@host:port/path`, or `user@host:path`."""
    scp = None if written_as_url else _SCP.fullmatch(location)
    parts = _split(f"ssh://{scp['user']}@{scp['host']}/{scp['path'].lstrip('/')}" if scp else location)
    if not parts.hostname or not _HOST.fullmatch(parts.hostname) or len(parts.path) <= 1 or parts.password or _CONTROL.search(location):
        raise LocationNotFound("This is no address of a repository.", "It looks like ssh://git@host/owner/name.git.")
    return GitAddress(
        url=location,
        path=None,
        username=unquote(parts.username) if parts.username else None,
        ssh=SshServer(host=parts.hostname, port=parts.port, path=scp["path"] if scp else unquote(parts.path)),
    )


def _split(location: str) -> SplitResult:
    try:
        parts = urlsplit(location)
        _ = parts.port
    except ValueError as error:
        raise LocationNotFound("This is no address of a repository.", "It looks like https://host/owner/name.") from error
    return parts


def _local(location: str, policy: GitPolicy) -> GitAddress:
    parts = _split(location)
    path = Path(unquote(parts.path))
    if parts.netloc not in ("", "localhost") or not path.is_absolute() or "\0" in str(path):
        raise LocationNotFound("A file:// address has an absolute path of this machine.", "It looks like file:///srv/git/name.git.")
    path = path.resolve()
    if not any(path.is_relative_to(root.resolve()) for root in policy.file_roots):
        raise InvalidRequest(f"{path} lies in no folder that file:// addresses may point to.", "Its owner can allow the folder.")
    return GitAddress(url=path.as_uri(), path=path)


def with_credential(address: GitAddress, credential: Credential) -> GitAddress:
    """The address with what opens it; over ssh the name is that of the address."""
    if address.ssh is not None:
        return replace(address, private_key=credential.private_key, known_hosts=credential.known_hosts)
    return replace(address, username=credential.username, password=credential.password) if credential.username else address
