"""Many clients of many tenants at one API process: `python benchmarks/load.py [--clients 500] [--tenants 50] [--seconds 300] [--pause 2]`.

Each tenant has a look-alike project of its own and a key. Each client keeps one connection, asks one of its tenant's usual questions, waits
for the answer, pauses and asks again; one question in twenty is new, which the cache does not know. Prints the answers that are neither 200
nor a deliberate 429, the latencies, what a request costs the server, and its memory over time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import psutil

from aelus.adapters.postgres.embedded.server import EmbeddedPostgres
from aelus.entrypoints.container import open_service
from aelus.entrypoints.settings import load_settings
from aelus.entrypoints.use_cases import UseCases
from machine import describe, table

PORT = 18766
METRICS_PORT = 18767
FILES = 12
QUESTIONS = [f"how does step {number} change the amount" for number in range(20)]
FRESH = 0.05
"""Share of questions that nobody has asked before."""
OTHERS = 0.2
"""Share of requests that are no searches: lists, definitions, state."""
EXPECTED = (200, 429)
CHANCE = random.Random(1)  # noqa: S311 - samples, not secrets


@dataclass
class Seen:
    """What all clients have seen."""

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    times_ms: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)
    memory_mib: list[float] = field(default_factory=list)
    processor_s: float = 0.0
    """Of the server."""


def write_project(folder: Path, tenant: int) -> Path:
    """Look-alike sources: the same names in every tenant."""
    folder.mkdir(parents=True)
    for number in range(FILES):
        steps = "\n\n".join(
            f'def step_{number}_{one}(amount):\n    """Step {one}: change the amount of tenant {tenant}."""\n    return amount + {one}'
            for one in range(8)
        )
        (folder / f"module_{number}.py").write_text(f"from module_{(number + 1) % FILES} import *\n\n\n{steps}\n")
    return folder


async def prepare(use_cases: UseCases, folder: Path, tenants: int) -> list[str]:
    """A key for each tenant, whose project is indexed."""
    keys = []
    for number in range(tenants):
        made = await use_cases.change_tenants().create(f"tenant {number}")
        location = str(write_project(folder / f"tenant-{number}" / "project", number))
        await use_cases.index_location()(made.tenant.id, location)
        keys.append(made.key.token)
    return keys


def request(method: str, path: str, key: str, body: object = None) -> bytes:
    content = b"" if body is None else json.dumps(body).encode()
    head = f"{method} /api/v1{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n"
    return f"{head}Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content


def search_for(key: str, question: str) -> bytes:
    return request("POST", "/retrieve/search", key, {"query": question, "top_k": 5})


def next_request(key: str) -> tuple[str, bytes]:
    """A kind and what is sent."""
    chance = CHANCE.random()
    if chance < OTHERS:
        path = CHANCE.choice(["/repositories", "/nodes?name=step_1_1", "/stats", "/tenants/me"])
        return "other reads", request("GET", path, key)
    if chance < OTHERS + FRESH:
        question = f"change the amount by {CHANCE.randrange(10**9)}"
        return "new searches", search_for(key, question)
    return "cached searches", search_for(key, CHANCE.choice(QUESTIONS))


async def exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sent: bytes) -> int:
    """The status of one answer, which is read to its end."""
    writer.write(sent)
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = next(int(line.partition(":")[2]) for line in head.split("\r\n") if line.startswith("content-length:"))
    await reader.readexactly(length)
    return int(head.split(" ", 2)[1])


async def client(key: str, until: float, pause_s: float, seen: Seen) -> None:
    """One client, which connects again when it is turned away."""
    await asyncio.sleep(CHANCE.uniform(0, pause_s))
    writer: asyncio.StreamWriter | None = None
    while time.monotonic() < until:
        try:
            if writer is None:
                reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
            kind, sent = next_request(key)
            began = time.perf_counter()
            status = await exchange(reader, writer, sent)
            seen.statuses[kind, status] += 1
            if status in EXPECTED:
                seen.times_ms[kind].append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(CHANCE.uniform(0.5, 1.5) * pause_s)
        except (OSError, asyncio.IncompleteReadError) as error:
            seen.errors[type(error).__name__] += 1
            if writer is not None:
                writer.close()
            writer = None
            await asyncio.sleep(pause_s)
    if writer is not None:
        writer.close()


async def watch(process: psutil.Process, until: float, seen: Seen) -> None:
    while time.monotonic() < until:
        seen.memory_mib.append(process.memory_info().rss / 2**20)
        await asyncio.sleep(1)


async def load(keys: Sequence[str], given: argparse.Namespace, process: psutil.Process) -> Seen:
    seen = Seen()
    await asyncio.gather(*(ask_the_usual(key) for key in keys))
    before = process.cpu_times()
    until = time.monotonic() + given.seconds
    clients = (client(keys[number % len(keys)], until, given.pause, seen) for number in range(given.clients))
    await asyncio.gather(watch(process, until, seen), *clients)
    after = process.cpu_times()
    seen.processor_s = after.user + after.system - before.user - before.system
    return seen


async def ask_the_usual(key: str) -> None:
    """Until now nobody has asked; from now on the cache knows."""
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    for question in QUESTIONS:
        await exchange(reader, writer, search_for(key, question))
        await asyncio.sleep(0.1)
    writer.close()


@contextmanager
def server(home: Path) -> Iterator[psutil.Process]:
    environment = {**os.environ, "AELUS_HOME": str(home), "AELUS_AUTH": "keys", "AELUS_METRICS_PORT": str(METRICS_PORT)}
    command = [sys.executable, "-m", "aelus", "serve", "--no-worker", "--port", str(PORT)]
    with (
        Path(home.parent, "log").open("wb") as log,
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log) as process,
    ):
        assert process.stdout is not None
        process.stdout.readline()
        yield psutil.Process(process.pid)
        process.terminate()


def logged(folder: Path) -> str:
    return Path(folder, "log").read_text()


def report(seen: Seen, given: argparse.Namespace) -> list[tuple[str, str]]:
    rows = [("offered", f"{given.clients} clients of {given.tenants} tenants for {given.seconds:g} s, {given.pause:g} s pause")]
    total = sum(seen.statuses.values())
    rows.append(("answered", f"{total:,}, {total / given.seconds:,.0f} a second, {sum_of(seen, 429):,} of them 429"))
    wrong = {f"{kind} {status}": count for (kind, status), count in seen.statuses.items() if status not in EXPECTED}
    rows.append(("errors", json.dumps(wrong | dict(seen.errors)) if wrong or seen.errors else "none"))
    for kind in sorted(seen.times_ms):
        times = sorted(seen.times_ms[kind])
        figures = ", ".join(f"p{share} {times[int(len(times) * share / 100)]:.1f} ms" for share in (50, 95, 99))
        rows.append((kind, f"{len(times):,}: {figures}"))
    rows.append(("server", f"{seen.processor_s / max(1, total) * 1000:.2f} ms of processor time for a request"))
    third = max(1, len(seen.memory_mib) // 3)
    first, last = statistics.mean(seen.memory_mib[:third]), statistics.mean(seen.memory_mib[-third:])
    rows.append(("memory", f"{first:.0f} MiB in the first third, {last:.0f} in the last, {max(seen.memory_mib):.0f} at the peak"))
    return rows


def sum_of(seen: Seen, wanted: int) -> int:
    return sum(count for (_, status), count in seen.statuses.items() if status == wanted)


async def main(given: argparse.Namespace) -> int:
    """Print the table; 1 when there was an error."""
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary, "home")
        async with EmbeddedPostgres(home):
            async with open_service(load_settings(home=home, parser_processes=1)) as use_cases:
                keys = await prepare(use_cases, Path(temporary, "projects"), given.tenants)
            with server(home) as process:
                seen = await load(keys, given, process)
                metrics = httpx2.get(f"http://127.0.0.1:{METRICS_PORT}/metrics").text
        log = logged(Path(temporary))
    rows = report(seen, given)
    rows.append(("defects", str(log.count('"level": "error"'))))
    rows.append(("cache", ", ".join(line for line in metrics.splitlines() if line.startswith("aelus_cache_requests_total"))))
    print(describe())
    print(table(rows))
    return int(bool(seen.errors or any(status not in EXPECTED for _, status in seen.statuses)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=500)
    parser.add_argument("--tenants", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--pause", type=float, default=2.0, help="seconds between an answer and the next question, on average")
    sys.exit(asyncio.run(main(parser.parse_args())))
