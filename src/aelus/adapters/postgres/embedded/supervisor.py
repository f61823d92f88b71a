"""The process that owns the server: starts it, restarts it when it is killed, stops it behind the last user.

`server` runs it with one argument, its configuration as JSON. It imports next to nothing, so that it starts fast.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

from aelus.adapters.postgres.embedded.locks import FileLock, is_held

POLL_S: Final = 0.25
GRACE_S: Final = 3.0
"""How long the server waits for another user behind the last one."""
RESTARTS: Final = 50
PR_SET_PDEATHSIG: Final = 1
SETTINGS: Final = (
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=60",
    "shared_buffers=128MB",
    "work_mem=16MB",
    "maintenance_work_mem=128MB",
    "max_wal_size=2GB",
    "wal_compression=on",
    "wal_level=minimal",
    "max_wal_senders=0",
    "jit=off",
    "autovacuum_naptime=20s",
    "log_min_messages=warning",
)


def server_environment() -> dict[str, str]:
    """What the server sees of the environment: nothing of the caller's but the path."""
    return {"PATH": "/usr/bin:/bin", "HOME": "/", "LC_ALL": "C", "TZ": "UTC"}


def drop_privileges(uid: int, gid: int) -> None:
    """Become the server's user; runs in the child. The death signal comes last, since changing the user clears it."""
    if os.geteuid() == 0 and uid != 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


class Supervisor:
    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config
        self._state = Path(config["state"])
        self._start = FileLock(self._state / "start.lock")
        self._restarts = 0

    def run(self) -> None:
        """Supervise until there are no users."""
        own = FileLock(self._state / "supervisor.lock")
        if not own.acquire(wait=False):
            return
        server = self._spawn()
        idle_since = time.monotonic()
        while True:
            time.sleep(POLL_S)
            if server.poll() is not None:
                self._restarts += 1
                if self._restarts > RESTARTS:
                    return
                server = self._spawn()
            if self._used():
                idle_since = time.monotonic()
            elif time.monotonic() - idle_since > GRACE_S and self._stop(server):
                return

    def _spawn(self) -> subprocess.Popen[bytes]:
        command = [str(Path(self._config["binaries"]) / "postgres"), "-D", self._config["data"]]
        for setting in (*SETTINGS, f"port={self._config['port']}"):
            command += ["-c", setting]
        uid, gid = self._config["uid"], self._config["gid"]
        with (self._state / "server.log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - the server of our own wheel
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=server_environment(),
                start_new_session=True,
                preexec_fn=lambda: drop_privileges(uid, gid),  # noqa: PLW1509 - this process has one thread
            )

    def _used(self) -> bool:
        return is_held(self._state / "users.lock")

    def _stop(self, server: subprocess.Popen[bytes]) -> bool:
        """Stop the server unless somebody is about to use it."""
        if not self._start.acquire(wait=False):
            return False
        if self._used():
            self._start.release()
            return False
        (self._state / "server.json").unlink(missing_ok=True)
        server.send_signal(signal.SIGINT)
        server.wait()
        return True


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    Supervisor(json.loads(sys.argv[1])).run()


if __name__ == "__main__":
    main()
