"""A whole site of real processes that can be killed: API, two workers that help each other, Redis, and the PostgreSQL of a home folder."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx2

from aelus.adapters.postgres.embedded.layout import prepare_layout
from services import free_port, redis_binary, wait_for

LEASE_S = 2
LIMIT_S = 120.0


class Site:
    """Whatever is killed is started again, as a process supervisor would; PostgreSQL has one of its own."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.folder = folder
        self._ports = {"redis": free_port(), "api": free_port()}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._log = (folder / "site.log").open("wb")

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._ports['api']}/api/v1"

    def start(self) -> None:
        for name in ("redis", "api", "worker", "helper"):
            self._start(name)
        self.wait_ready()

    def wait_ready(self) -> None:
        self._until(lambda: httpx2.get(f"{self.address}/readyz", timeout=10).status_code == 200, "the site is not ready")

    def kill(self, victim: str) -> None:
        """End a process at once, with all that belongs to it, and start it again."""
        if victim == "postgres":
            pid_file = prepare_layout(self.home).data / "postmaster.pid"
            with contextlib.suppress(OSError, ValueError, IndexError):
                os.kill(int(pid_file.read_text().splitlines()[0]), signal.SIGKILL)
            return
        process = self._processes[victim]
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self._start(victim)

    def ask(self, body: dict[str, object]) -> str:
        """Ask for a repository to be indexed, until somebody answers; return the job's id."""
        found: list[str] = []

        def asked() -> bool:
            answer = httpx2.post(f"{self.address}/ingest/repository", json=body, timeout=10)
            assert answer.status_code in (202, 503), answer.text
            if answer.status_code == 202:
                found.append(answer.json()["job_id"])
            return bool(found)

        self._until(asked, "nobody takes the job")
        return found[0]

    def jobs(self) -> list[dict[str, object]]:
        found: list[list[dict[str, object]]] = []

        def listed() -> bool:
            answer = httpx2.get(f"{self.address}/ingest/jobs", params={"limit": 100}, timeout=10)
            if answer.status_code == 200:
                found.append(answer.json()["items"])
            return bool(found)

        self._until(listed, "nobody lists the jobs")
        return found[0]

    def wait_until_done(self) -> list[dict[str, object]]:
        """All jobs, as soon as each has ended."""
        self._until(lambda: all(job["ended_at"] for job in self.jobs()), "a job does not end", log=True)
        return self.jobs()

    def stop(self) -> None:
        for process in self._processes.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._log.close()

    def _start(self, name: str) -> None:
        port = self._ports["redis"]
        commands = {
            "redis": [redis_binary(), "--port", str(port), "--bind", "127.0.0.1", "--appendonly", "yes", "--dir", str(self.folder)],
            "api": [sys.executable, "-m", "aelus", "serve", "--no-worker", "--port", str(self._ports["api"])],
            "worker": [sys.executable, "-m", "aelus", "worker"],
            "helper": [sys.executable, "-m", "aelus", "worker"],
        }
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("AELUS_", "VOYAGE_"))},
            "AELUS_HOME": str(self.home),
            "AELUS_REDIS_URL": f"redis://127.0.0.1:{port}/0",
            "AELUS_PATH_ROOTS": str(self.folder),
            "AELUS_LEASE_S": str(LEASE_S),
            "AELUS_PARSER_PROCESSES": "1",
            "AELUS_SHARE_BYTES": "1000",
        }
        self._processes[name] = subprocess.Popen(
            commands[name], stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log, env=environment, start_new_session=True
        )
        if name == "redis":
            wait_for(port)

    def _until(self, happened: object, complaint: str, *, log: bool = False) -> None:
        assert callable(happened)
        deadline = time.monotonic() + LIMIT_S
        while time.monotonic() < deadline:
            for name, process in self._processes.items():
                if process.poll() is not None:
                    self._start(name)
            with contextlib.suppress(httpx2.HTTPError):
                if happened():
                    return
            time.sleep(0.05)
        tail = (self.folder / "site.log").read_text(errors="replace")[-3000:] if log else ""
        raise AssertionError(f"{complaint} after {LIMIT_S} s\n{tail}")
