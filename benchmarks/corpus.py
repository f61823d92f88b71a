"""The corpus that exists on any machine: the Python standard library, copied so that it can be changed."""

from __future__ import annotations

import shutil
import sysconfig
from pathlib import Path


def copy_standard_library(target: Path) -> tuple[int, int, int]:
    """Copy its sources without its tests, installed packages and caches; return (files, lines, bytes) of the Python files."""
    source = Path(sysconfig.get_path("stdlib"))
    left_out = shutil.ignore_patterns("site-packages", "__pycache__", "test", "tests", "idle_test", "*.so", "config-*", "*.a")
    shutil.copytree(source, target, symlinks=True, ignore=left_out)
    files = list(target.rglob("*.py"))
    contents = [path.read_bytes() for path in files]
    return len(files), sum(content.count(b"\n") for content in contents), sum(map(len, contents))
