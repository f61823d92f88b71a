"""Parse and link the Python standard library: `python benchmarks/parse.py`.

Prints lines per second of `aelus parse` as a whole process, and the ratio to what the bare grammar needs for the same files on one core.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from tree_sitter import Parser
from tree_sitter_language_pack import get_language

from corpus import copy_standard_library
from machine import describe, table


def bare_parse_s(folder: Path) -> float:
    """Seconds that the grammar alone needs on one core."""
    parser = Parser(get_language("python"))
    sources = [path.read_bytes() for path in folder.rglob("*.py")]
    started = time.perf_counter()
    for source in sources:
        parser.parse(source)
    return time.perf_counter() - started


def run(folder: Path, output: Path) -> tuple[float, int]:
    """Run `aelus parse`; return seconds and the peak of resident bytes over all its processes."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "aelus", "parse", str(folder), "-o", str(output)], stderr=subprocess.DEVNULL)
    watched, peak = psutil.Process(process.pid), 0
    while process.poll() is None:
        peak = max(peak, sum(_resident(entry) for entry in (watched, *_children(watched))))
        time.sleep(0.05)
    if process.returncode:
        sys.exit(f"aelus parse failed with {process.returncode}")
    return time.perf_counter() - started, peak


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0


def main(rounds: int = 3) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, output = Path(temporary, "stdlib"), Path(temporary, "graph.jsonl")
        files, lines, size = copy_standard_library(folder)
        bare = bare_parse_s(folder)
        results = [run(folder, output) for _ in range(rounds)]
        seconds = sorted(result[0] for result in results)[rounds // 2]
        with output.open("rb") as graph:
            rows = sum(1 for _ in graph)
    print(describe())
    print(
        table(
            [
                ("corpus", f"{files:,} files, {lines:,} lines, {size / 1e6:.1f} MB of Python"),
                ("bare parse, one core", f"{bare:.2f} s, {lines / bare:,.0f} lines/s"),
                (
                    "aelus parse, median",
                    f"{seconds:.2f} s, {lines / seconds:,.0f} lines/s (all: {', '.join(f'{s:.2f}' for s, _ in results)} s)",
                ),
                ("ratio to bare parse", f"{seconds / bare:.2f}"),
                ("peak memory, all processes", f"{max(peak for _, peak in results) / 1e6:,.0f} MB"),
                ("rows written", f"{rows:,}"),
            ]
        )
    )


if __name__ == "__main__":
    main()
