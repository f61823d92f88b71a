"""Parse and link a folder: `python benchmarks/parse.py [FOLDER] [--rounds N]`, by default the Python standard library.

Prints lines per second of `aelus parse` as a whole process, and the ratio to what the bare grammars need for the same files on one core.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import psutil
from tree_sitter import Parser

from aelus.adapters.treesitter import TreesitterParser
from aelus.adapters.treesitter.room import room
from corpus import code_language_of, copy_standard_library
from machine import describe, table

INTERVAL_S = 0.25
"""Between two looks at the memory of all processes, each of which costs some milliseconds."""


class Run(NamedTuple):
    wall_s: float
    cpu_s: float
    peak_bytes: int
    summary: str
    """What `aelus parse` says of itself."""


def sources(folder: Path) -> list[tuple[str, bytes]]:
    """(language, bytes) of every file of code in a known language."""
    language_of = code_language_of(TreesitterParser(jobs=0))
    found = ((language_of(path.name), path) for path in sorted(folder.rglob("*")) if path.is_file())
    return [(language, path.read_bytes()) for language, path in found if language]


def bare_parse_s(files: list[tuple[str, bytes]]) -> float:
    """Seconds that the grammars alone need on one core."""
    parsers = {language: Parser(room(language).grammar) for language in {language for language, _ in files}}
    started = time.perf_counter()
    for language, source in files:
        parsers[language].parse(source)
    return time.perf_counter() - started


def run(folder: Path, output: Path) -> Run:
    """Run `aelus parse` once."""
    started, cpu = time.perf_counter(), _children_cpu_s()
    command = [sys.executable, "-m", "aelus", "parse", str(folder), "-o", str(output)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    watched, peak = psutil.Process(process.pid), 0
    while True:
        peak = max(peak, sum(_resident(entry) for entry in (watched, *_children(watched))))
        try:
            _, said = process.communicate(timeout=INTERVAL_S)
            break
        except subprocess.TimeoutExpired:
            continue
    if process.returncode:
        sys.exit(said)
    return Run(time.perf_counter() - started, _children_cpu_s() - cpu, peak, said.strip())


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


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


def measure(folder: Path, rounds: int) -> list[tuple[str, str]]:
    """Rows of the table."""
    files = sources(folder)
    lines, languages = sum(source.count(b"\n") for _, source in files), Counter(language for language, _ in files)
    with tempfile.TemporaryDirectory() as temporary:
        output = Path(temporary, "graph.jsonl")
        measured = [(bare_parse_s(files), run(folder, output)) for _ in range(rounds)]
        with output.open("rb") as graph:
            rows = sum(1 for _ in graph)
    bare, runs = min(bare for bare, _ in measured), sorted(run for _, run in measured)
    wall = runs[rounds // 2].wall_s
    return [
        ("corpus", f"{lines:,} lines, {sum(len(source) for _, source in files) / 1e6:.1f} MB in {_counts(languages)}"),
        ("bare parse, one core", f"{bare:.2f} s, {lines / bare:,.0f} lines/s (best of {rounds})"),
        ("aelus parse, median", f"{wall:.2f} s, {lines / wall:,.0f} lines/s (all: {', '.join(f'{run.wall_s:.2f}' for run in runs)} s)"),
        ("CPU, all processes", f"{min(run.cpu_s for run in runs):.2f} s, {min(run.cpu_s for run in runs) / bare:.1f} times the bare parse"),
        ("ratio to bare parse", f"{sorted(run.wall_s / bare for bare, run in measured)[rounds // 2]:.2f}"),
        ("peak memory, all processes", f"{max(run.peak_bytes for run in runs) / 1e6:,.0f} MB"),
        ("rows written", f"{rows:,}"),
        ("said", runs[0].summary),
    ]


def _counts(languages: Counter[str]) -> str:
    return ", ".join(f"{count:,} files of {language}" for language, count in languages.most_common())


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    arguments.add_argument("folder", type=Path, nargs="?")
    arguments.add_argument("--rounds", type=int, default=3)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder
        if folder is None:
            folder = Path(temporary, "stdlib")
            copy_standard_library(folder)
        rows = measure(folder.resolve(), given.rounds)
    print(describe())
    print(table(rows))


if __name__ == "__main__":
    main()
