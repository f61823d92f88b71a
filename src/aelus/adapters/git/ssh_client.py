"""A Git client over ssh that trusts one host key, shows one private key, and stays within bytes, objects and time.

No agent, no configuration and no other file is looked at, and nothing is run but `git-upload-pack` at the other end. The connection is
the one that the guard has opened, so the address that was checked is the one that is spoken to.
"""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import Any, Final, cast

import paramiko
from dulwich.client import FetchPackResult, SSHGitClient, SSHVendor
from paramiko.hostkeys import HostKeys

from aelus.adapters.git.capped_client import FetchLimit, HostKeyRefused, KeyRefused, Writer, few_objects
from aelus.adapters.git.guarded_connection import Guard

PORT: Final = 22
USER: Final = "git"
"""Where the address names none."""
_CONNECT_S: Final = 10.0
_READ_S: Final = 20.0
_KEY_KINDS: Final = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)


class PinnedSsh:
    """Runs one command at one server, as the library's `SSHVendor` does.

    `max_bytes` and `deadline` (of `time.monotonic`) hold for all that it sends.
    """

    def __init__(self, *, guard: Guard, private_key: str, known_hosts: Path, max_bytes: int, deadline: float) -> None:
        self._guard = guard
        self._private_key = private_key
        self._known = HostKeys(str(known_hosts))
        self._max_bytes = max_bytes
        self._deadline = deadline

    def run_command(
        self, host: str, command: bytes, username: str | None = None, port: int | None = None, **_options: object
    ) -> CappedChannel:
        """Raises AddressRefused, HostKeyRefused, KeyRefused, OSError."""
        name = host if port in (None, PORT) else f"[{host}]:{port}"
        trusted = self._known.lookup(name)
        if not trusted:
            raise HostKeyRefused(f"no host key of {name} is kept")
        transport = paramiko.Transport(self._guard.connect(host, port or PORT, _CONNECT_S))
        try:
            channel = self._session(transport, name, list(trusted), username or USER)
            channel.exec_command(command)
        except paramiko.SSHException as error:
            transport.close()
            raise ConnectionError("the conversation over ssh failed") from error
        except BaseException:
            transport.close()
            raise
        return CappedChannel(transport, channel, max_bytes=self._max_bytes, deadline=self._deadline)

    def _session(self, transport: paramiko.Transport, name: str, trusted: list[str], username: str) -> paramiko.Channel:
        transport.get_security_options().key_types = _preferred(transport, trusted)
        transport.start_client(timeout=_CONNECT_S)
        self._check_host(name, transport.get_remote_server_key())
        _authenticate(transport, username, self._private_key)
        channel = transport.open_session(timeout=_CONNECT_S)
        channel.settimeout(_READ_S)
        return channel

    def _check_host(self, name: str, key: paramiko.PKey) -> None:
        if not self._known.check(name, key):
            raise HostKeyRefused(f"{name} shows another host key than the one that is kept")


class CappedChannel:
    """What a command reads and writes. The names are those that the library calls."""

    def __init__(self, transport: paramiko.Transport, channel: paramiko.Channel, *, max_bytes: int, deadline: float) -> None:
        self._transport = transport
        self._channel = channel
        self._max_bytes = max_bytes
        self._left = max_bytes
        self._deadline = deadline
        self.stderr = io.BytesIO()
        """What the server says beside its answer is nobody's business here."""

    def can_read(self) -> bool:
        return self._channel.recv_ready()

    def write(self, data: bytes) -> None:
        self._channel.sendall(data)

    def read(self, size: int | None = None) -> bytes:
        """Exactly `size` bytes, or all until the end. Raises FetchLimit."""
        parts: list[bytes] = []
        wanted = size if size is not None else self._left + 1
        while wanted > 0 and (part := self._receive(min(wanted, 1 << 20))):
            parts.append(part)
            wanted -= len(part)
        return b"".join(parts)

    def _receive(self, size: int) -> bytes:
        if time.monotonic() > self._deadline:
            raise FetchLimit("the time allowed (max_fetch_s)")
        try:
            part = self._channel.recv(size)
        except TimeoutError as error:
            raise TimeoutError(f"nothing came for {_READ_S:g} s") from error
        self._left -= len(part)
        if self._left < 0:
            raise FetchLimit(f"{self._max_bytes} bytes (max_fetch_bytes)")
        return part

    def close(self) -> None:
        self._channel.close()
        self._transport.close()


class CappedSshClient(SSHGitClient):
    """A client of one server that takes no pack of more than `max_objects`."""

    def __init__(self, host: str, port: int | None, username: str | None, vendor: PinnedSsh, *, max_objects: int) -> None:
        super().__init__(host, port=port, username=username, vendor=cast("SSHVendor", vendor), quiet=True)
        self._max_objects = max_objects

    def fetch_pack(
        self, path: Any, determine_wants: Any, graph_walker: Any, pack_data: Writer, *args: Any, **options: Any
    ) -> FetchPackResult:
        return super().fetch_pack(path, determine_wants, graph_walker, few_objects(pack_data, self._max_objects), *args, **options)


def _preferred(transport: paramiko.Transport, trusted: list[str]) -> tuple[str, ...]:
    """Kinds of host keys to ask for: those of which one is kept; an RSA key may sign in newer ways than its name says."""
    kinds = {f"rsa-sha2-{size}" for size in (256, 512)} if "ssh-rsa" in trusted else set[str]()
    offered = tuple(kind for kind in transport.get_security_options().key_types if kind in {*trusted, *kinds})
    return offered or tuple(transport.get_security_options().key_types)


def _authenticate(transport: paramiko.Transport, username: str, private_key: str) -> None:
    try:
        transport.auth_publickey(username, _read_key(private_key))
    except paramiko.AuthenticationException as error:
        raise KeyRefused("the server does not admit this key") from error
    if not transport.is_authenticated():
        raise KeyRefused("the server asks for more than a key")


def _read_key(text: str) -> paramiko.PKey:
    kind: Any
    for kind in _KEY_KINDS:
        try:
            key: paramiko.PKey = kind.from_private_key(io.StringIO(text.rstrip() + "\n"))
        except paramiko.PasswordRequiredException as error:
            raise KeyRefused("the private key has a passphrase") from error
        except (paramiko.SSHException, ValueError, IndexError):
            continue
        return key
    raise KeyRefused("what is kept is no private key")
