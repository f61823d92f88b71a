"""A Git server over ssh on loopback: one host key, one user's key, `git-upload-pack` and nothing else."""

from __future__ import annotations

import io
import shlex
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import paramiko
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from paramiko.common import AUTH_FAILED, AUTH_SUCCESSFUL, OPEN_SUCCEEDED

Answer = Callable[[paramiko.Channel, str], None]


def new_key() -> tuple[str, paramiko.Ed25519Key]:
    """A private key as text, and as an object."""
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()
    return pem, paramiko.Ed25519Key.from_private_key(io.StringIO(pem))


@dataclass(frozen=True, slots=True, kw_only=True)
class SshServer:
    url: str
    """Of the repository."""
    private_key: str
    """That it admits."""
    known_hosts: str
    commands: list[str]
    """What it was asked to run."""


class _Conversation(paramiko.ServerInterface):
    def __init__(self, admitted: paramiko.PKey, answer: Callable[[paramiko.Channel, str], None]) -> None:
        self._admitted = admitted
        self._answer = answer

    def get_allowed_auths(self, username: str) -> str:
        return "publickey" if username == "git" else ""

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        admitted = username == "git" and key == self._admitted
        return AUTH_SUCCESSFUL if admitted else AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:  # noqa: ARG002 -- the names are the library's
        return OPEN_SUCCEEDED

    def check_channel_exec_request(self, channel: paramiko.Channel, command: bytes) -> bool:
        threading.Thread(target=self._answer, args=(channel, command.decode()), daemon=True).start()
        return True


@contextmanager
def serving_ssh(repository: Path, answer: Answer | None = None) -> Iterator[SshServer]:
    """Serves the repository; or answers as it is told to."""
    (_, host_key), (private_key, admitted) = new_key(), new_key()
    commands: list[str] = []

    def noted(channel: paramiko.Channel, command: str) -> None:
        commands.append(command)
        with suppress(OSError, EOFError, paramiko.SSHException):  # of a client that went away early
            (answer or _upload_pack)(channel, command)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        threading.Thread(target=_accept, args=(listener, host_key, admitted, noted), daemon=True).start()
        known = f"[127.0.0.1]:{port} {host_key.get_name()} {host_key.get_base64()}\n"
        yield SshServer(url=f"ssh://git@127.0.0.1:{port}{repository}", private_key=private_key, known_hosts=known, commands=commands)


def _accept(listener: socket.socket, host_key: paramiko.PKey, admitted: paramiko.PKey, answer: Answer) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        transport = paramiko.Transport(connection)
        transport.add_server_key(host_key)
        try:
            transport.start_server(server=_Conversation(admitted, answer))
        except (paramiko.SSHException, EOFError, OSError):
            transport.close()


def _upload_pack(channel: paramiko.Channel, command: str) -> None:
    """What a login shell would run, without a shell."""
    program, path = shlex.split(command)
    assert program == "git-upload-pack"
    with subprocess.Popen(["git", "upload-pack", path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as served:
        assert served.stdin is not None
        assert served.stdout is not None
        threading.Thread(target=_feed, args=(channel, served.stdin), daemon=True).start()
        while part := served.stdout.read1(1 << 16):  # type: ignore[attr-defined] # a buffered reader
            channel.sendall(part)
    channel.send_exit_status(served.returncode)
    channel.close()


def _feed(channel: paramiko.Channel, target: object) -> None:
    write, flush, close = target.write, target.flush, target.close  # type: ignore[attr-defined] # of a pipe
    try:
        while part := channel.recv(1 << 16):
            write(part)
            flush()
        close()
    except (OSError, ValueError):
        return
