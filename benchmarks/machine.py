"""What every benchmark prints first: where and with what it was measured."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version


def describe() -> str:
    """One line: processor count, Python and the versions that matter."""
    packages = ("aelus", "tree-sitter", "tree-sitter-language-pack", "asyncpg", "numpy")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {versions}"


def table(rows: list[tuple[str, str]]) -> str:
    """Two aligned columns."""
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"  {name:<{width}}  {figure}" for name, figure in rows)
