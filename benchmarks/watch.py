"""Save a file below a folder that is watched: `python benchmarks/watch.py [FOLDER]`.

The corpus is FOLDER, or a part of the Python standard library of some 100,000 lines. `aelus watch` runs as a process of its own; another
one searches for a new function from the moment on that its file is saved. Prints wall seconds until it is found, and CPU seconds of the
watching process and those it starts, without the database's.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import orjson
import psutil

from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints.container import open_service
from aelus.entrypoints.settings import load_settings
from aelus.entrypoints.use_cases import UseCases
from corpus import copy_standard_library
from machine import describe, table

LINES = 100_000
SAVES = 5
POLL_S = 0.02
PATIENCE_S = 120.0
SOME_LENGTH_BYTES = 10_000


def shorten(folder: Path, lines: int) -> int:
    """Leave so many lines, whole files in the order of their paths, and say how many."""
    kept = 0
    for path in sorted(folder.rglob("*.py")):
        if kept >= lines:
            path.unlink()
        else:
            kept += path.read_bytes().count(b"\n")
    return kept


def save(folder: Path, number: int) -> str:
    """Add a function to a file of some length, and tell its name."""
    changed = next(path for path in sorted(folder.rglob("*.py")) if path.stat().st_size > SOME_LENGTH_BYTES)
    name = f"one_more_{number}_of_them"
    changed.write_text(f"{changed.read_text('utf-8')}\n\ndef {name}():\n    return {number}\n", "utf-8")
    return name


def used_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


async def found_after(use: UseCases, name: str) -> float:
    """Seconds until a search finds the definition."""
    started = time.perf_counter()
    while time.perf_counter() - started < PATIENCE_S:
        hits = await use.uncached_search()(LOCAL_TENANT, name)
        if any(f"def {name}" in hit.chunk.text for hit in hits):
            return time.perf_counter() - started
        await asyncio.sleep(POLL_S)
    sys.exit(f"{name} is not found")


async def measure(folder: Path, home: Path) -> list[tuple[str, str]]:
    """Rows of the table."""
    command = [sys.executable, "-m", "aelus", "watch", str(folder), "--json"]
    environment = {**os.environ, "AELUS_HOME": str(home)}
    watching = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
    try:
        assert watching.stdout is not None
        first = orjson.loads(await watching.stdout.readline())
        rows = [("first index", f"{first['seconds']['total']:.2f} s, {first['files']:,} files, {first['lines']:,} lines")]
        process = psutil.Process(watching.pid)
        async with open_service(load_settings(home=home)) as use:
            await use.uncached_search()(LOCAL_TENANT, "warm")
            for number in range(SAVES):
                before, name = used_s(process), save(folder, number)
                waited = await found_after(use, name)
                stages = orjson.loads(await watching.stdout.readline())["seconds"]
                said = ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in stages.items() if stage != "total")
                rows.append((f"saved, {number + 1}", f"found after {waited:.2f} s; CPU {used_s(process) - before:.2f} s ({said})"))
    finally:
        watching.terminate()
        await watching.wait()
    return rows


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "corpus")
        if len(sys.argv) > 1:
            shutil.copytree(sys.argv[1], folder, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        else:
            copy_standard_library(folder)
            shorten(folder, LINES)
        rows = asyncio.run(measure(folder, Path(temporary, "home")))
    print(describe())
    print(table(rows))


if __name__ == "__main__":
    main()
