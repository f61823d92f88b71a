"""Index a Git repository from its address, and push to it: `python benchmarks/push.py [FOLDER]`.

The corpus is FOLDER, or the Python standard library with its tests, committed into a bare repository. Prints what the first index, a push
that changes nothing and pushes that change one file take, in one process that is up, as a worker is: wall seconds, and CPU seconds of the
process and of those it starts. On a machine with other work only the latter say something.
"""

from __future__ import annotations

import asyncio
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from aelus.application.reports import IndexReport
from aelus.domain.collector import collector_rests
from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints.container import open_service
from aelus.entrypoints.settings import load_settings
from aelus.entrypoints.use_cases import UseCases
from corpus import copy_standard_library
from machine import describe, table

PUSHES = 3
SOME_LENGTH_BYTES = 10_000
GIT = shutil.which("git") or sys.exit("There is no git on the path.")


class Taken(NamedTuple):
    wall_s: float
    cpu_s: float
    children_s: float
    report: IndexReport

    def __str__(self) -> str:
        stages = ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in self.report.seconds.items() if stage != "total")
        return f"{self.wall_s:.2f} s; CPU {self.cpu_s:.2f} s, {self.children_s:.2f} s in other processes ({stages})"


class Origin:
    """A bare repository and its working copy."""

    def __init__(self, folder: Path, bare: Path) -> None:
        self._folder = folder
        self.url = f"file://{bare}"
        self._git("init", "-q", "-b", "main")
        self.commit()
        subprocess.run([GIT, "clone", "-q", "--bare", str(folder), str(bare)], check=True)
        self._git("remote", "add", "bare", str(bare))

    def commit(self) -> None:
        self._git("add", "-A")
        self._git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "x")

    def push(self, number: int) -> None:
        """Add a function to the first file that has some length."""
        changed = next(path for path in sorted(self._folder.rglob("*.py")) if path.stat().st_size > SOME_LENGTH_BYTES)
        changed.write_text(changed.read_text("utf-8") + f"\n\ndef one_more_{number}():\n    return {number}\n", "utf-8")
        self.commit()
        self._git("push", "-q", "bare", "main")

    def _git(self, *arguments: str) -> None:
        subprocess.run([GIT, "-C", str(self._folder), *arguments], check=True)


async def index(use_cases: UseCases, url: str) -> Taken:
    before, wall, cpu = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime, time.perf_counter(), time.process_time()
    report = await use_cases.index_location()(LOCAL_TENANT, url, name="corpus")
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    return Taken(time.perf_counter() - wall, time.process_time() - cpu, children, report)


async def measure(origin: Origin, root: Path) -> list[tuple[str, str]]:
    async with open_service(load_settings(home=root / "home", path_roots=(root,))) as use_cases:
        first = await index(use_cases, origin.url)
        rows = [
            ("corpus", f"{first.report.counts.files:,} files, {first.report.counts.lines:,} lines"),
            ("first index", f"{first.report.counts.lines / first.wall_s:,.0f} lines/s, {first}"),
            ("nothing pushed", str(await index(use_cases, origin.url))),
        ]
        for number in range(PUSHES):
            origin.push(number)
            rows.append((f"one file pushed, {number + 1}", str(await index(use_cases, origin.url))))
        return rows


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        if len(sys.argv) > 1:
            shutil.copytree(sys.argv[1], root / "corpus", symlinks=True, ignore=shutil.ignore_patterns(".git"))
        else:
            copy_standard_library(root / "corpus", tests=True)
        with collector_rests():
            rows = asyncio.run(measure(Origin(root / "corpus", root / "corpus.git"), root))
    print(describe())
    print(table(rows))


if __name__ == "__main__":
    main()
