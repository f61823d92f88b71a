"""The corpus that exists on any machine: the Python standard library, copied so that it can be changed."""

from __future__ import annotations

import shutil
import sysconfig
from collections.abc import Callable
from pathlib import Path

from aelus.adapters.treesitter import TreesitterParser


def copy_standard_library(target: Path, *, tests: bool = False) -> tuple[int, int, int]:
    """Copy its sources without installed packages and caches, and without its tests; return (files, lines, bytes) of the Python files."""
    source = Path(sysconfig.get_path("stdlib"))
    names = ["site-packages", "__pycache__", "*.so", "config-*", "*.a"]
    left_out = shutil.ignore_patterns(*names, *(() if tests else ("test", "tests", "idle_test")))
    shutil.copytree(source, target, symlinks=True, ignore=left_out)
    files = list(target.rglob("*.py"))
    contents = [path.read_bytes() for path in files]
    return len(files), sum(content.count(b"\n") for content in contents), sum(map(len, contents))


def code_language_of(parser: TreesitterParser) -> Callable[[str], str]:
    """The language of a file by its name; empty for documents too, which no grammar reads whole."""
    documents = {traits.name for traits in parser.traits().values() if traits.document}

    def language_of(name: str) -> str:
        language = parser.language_of(name)
        return "" if language in documents else language

    return language_of
