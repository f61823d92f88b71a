"""What every benchmark prints first: where and with what it was measured."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

import psutil

from aelus.adapters.postgres.embedded.layout import prepare_layout


def describe() -> str:
    """One line: processor count, Python and the versions that matter."""
    packages = ("aelus", "tree-sitter", "tree-sitter-language-pack", "asyncpg", "numpy")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {versions}"


def database_s(home: Path) -> float:
    """CPU seconds of the sessions at the PostgreSQL server of this home; what it does by itself, such as cleaning up, is left out."""
    server = int((prepare_layout(home).data / "postmaster.pid").read_text().split()[0])
    # The title of a session's process names its client: `postgres: USER DATABASE 127.0.0.1(PORT) idle`.
    return sum([processor_s(process) for process in psutil.Process(server).children() if "(" in " ".join(process.cmdline())])


def processor_s(process: psutil.Process) -> float:
    """CPU seconds that a process has taken."""
    times = process.cpu_times()
    return float(times.user + times.system)


def table(rows: list[tuple[str, str]]) -> str:
    """Two aligned columns."""
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"  {name:<{width}}  {figure}" for name, figure in rows)
