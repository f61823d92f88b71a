"""Search over HTTP in one process: `python benchmarks/search.py [FOLDER …]`.

Indexes the folders (by default the Python standard library with its tests, some 50,000 chunks), serves them, and asks one question after
the other over one connection.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx2
import psutil

from corpus import copy_standard_library
from index import index
from machine import database_s, describe, processor_s, table

QUESTIONS = (
    "parse command line arguments",
    "split a url into its parts",
    "retry when the connection is lost",
    "ArgumentParser.add_argument",
    "compress bytes with zlib",
    "how are temporary files removed",
    "shutil copytree",
    "read a configuration file with sections",
    "walk a directory tree",
    "decode base64",
    "format a traceback",
    "json encoder for floats",
)
ROUNDS = 25
PORT = 18765


def ask(client: httpx2.Client, question: str) -> float:
    """Milliseconds of one search."""
    started = time.perf_counter()
    client.post("/api/v1/retrieve/search", json={"query": question, "top_k": 10}).raise_for_status()
    return (time.perf_counter() - started) * 1000


def wait_for(client: httpx2.Client, seconds: float = 30.0) -> None:
    """Wait until the server is ready."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if client.get("/api/v1/readyz").status_code == httpx2.codes.OK:
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.1)
    sys.exit("the server does not start")


def main(folders: list[str]) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary, "home")
        if not folders:
            copy_standard_library(Path(temporary, "stdlib"), tests=True)
            folders = [str(Path(temporary, "stdlib"))]
        chunks = sum(index(Path(folder), home, Path(folder).name)[1]["chunks"] for folder in folders)
        command = [sys.executable, "-m", "aelus", "serve", "--port", str(PORT)]
        environment = {**os.environ, "AELUS_HOME": str(home)}
        server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            with httpx2.Client(base_url=f"http://127.0.0.1:{PORT}", timeout=30) as client:
                wait_for(client)
                for question in QUESTIONS:
                    ask(client, question)
                process = psutil.Process(server.pid)
                worked, database = processor_s(process), database_s(home)
                times = sorted(
                    ask(client, f"{question} {number}") for number in range(ROUNDS) for question in QUESTIONS
                )  # none is in the cache
                worked, database = processor_s(process) - worked, database_s(home) - database
        finally:
            server.terminate()
            server.wait()
    print(describe())
    print(
        table(
            [
                ("chunks", f"{chunks:,}"),
                ("searches", f"{len(times)}, one after the other"),
                ("p50", f"{statistics.median(times):.1f} ms"),
                ("p95", f"{times[int(len(times) * 0.95)]:.1f} ms"),
                ("slowest", f"{times[-1]:.1f} ms"),
                ("CPU", f"{worked * 1000 / len(times):.1f} ms a search, and {database * 1000 / len(times):.1f} ms of the database"),
            ]
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])
