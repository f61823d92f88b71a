"""The packages of `packages.toml`: fetched once into a folder outside of the project, indexed once for each state of the code."""

from __future__ import annotations

import hashlib
import pickle
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from aelus.adapters.memory import MemoryDatabase
from evaluation.comments import without_comments
from evaluation.indexing import index_in_memory
from fetch import fetch

HERE = Path(__file__).parent
QUERIES = HERE / "queries"
SOURCE = HERE.parents[1] / "src" / "aelus"
INDEXING = (
    "adapters/treesitter",
    "adapters/offline/embedder.py",
    "adapters/offline/splitting.py",
    "adapters/offline/table.py",
    "adapters/offline/words.npz",
    "adapters/folder",
    "adapters/memory/state.py",
    "domain/linking",
    "domain/chunking",
    "domain/facts.py",
)
"""What decides what an index holds; a change elsewhere leaves kept indexes as they are."""


@dataclass(frozen=True, kw_only=True)
class Package:
    name: str
    part: str
    """`learning` or `fresh`."""
    language: str
    registry: str
    pinned: str
    folder: str

    @property
    def has_questions(self) -> bool:
        return self.questions.exists()

    @property
    def questions(self) -> Path:
        """Those that were written for it."""
        return QUERIES / f"{self.name}.txt"

    @property
    def has_changes(self) -> bool:
        """It is asked for what messages of changes say, and for nothing else."""
        return self.registry in {"debian_patched", "own_history"}


def read_packages() -> list[Package]:
    parts = tomllib.loads((HERE / "packages.toml").read_text(encoding="utf-8"))
    return [Package(name=name, part=part, **fields) for part, packages in parts.items() for name, fields in packages.items()]


def source_folder(package: Package, corpus: Path) -> Path:
    """The package's folder, fetched if it is not there yet."""
    target = corpus / "packages" / package.name
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        fetch(package.registry, package.pinned, target)
    except subprocess.CalledProcessError as error:
        sources = " It needs `deb-src` among APT's sources, and `apt-get update`." if package.registry.startswith("debian") else ""
        sys.exit(f"{package.pinned} could not be fetched: `{' '.join(error.cmd)}` failed.{sources}")
    found = sorted(path for path in target.glob(package.folder) if path.is_dir())
    assert len(found) == 1, f"{package.name}: {package.folder} is {found}"
    return found[0]


def bare_folder(package: Package, corpus: Path) -> Path:
    """A copy of the package's folder without its comments and docstrings."""
    bare = corpus / "bare" / package.name
    if not bare.exists():
        partial = bare.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        without_comments(source_folder(package, corpus), partial)
        partial.rename(bare)
    return bare


async def indexed(package: Package, corpus: Path, *, bare: bool = False) -> MemoryDatabase:
    """The index of the package, from the corpus folder if it was made by the same code."""
    folder = bare_folder(package, corpus) if bare else source_folder(package, corpus)
    kept = corpus / "indexes" / f"{package.name}{'-bare' if bare else ''}-{indexing_digest()}.pickle"
    if kept.exists():
        return cast("MemoryDatabase", pickle.loads(kept.read_bytes()))  # noqa: S301 -- written here
    database = await index_in_memory(folder, package.name)
    kept.parent.mkdir(exist_ok=True)
    kept.write_bytes(pickle.dumps(database))
    return database


def indexing_digest() -> str:
    """Of the sources that decide what an index holds."""
    digest = hashlib.blake2b(digest_size=6)
    for part in INDEXING:
        path = SOURCE / part
        files = [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.suffix in {".py", ".toml", ".scm", ".npz"})
        for file in files:
            digest.update(file.read_bytes())
    return digest.hexdigest()
