"""Folders for one fetch, which go with it; those of processes that were killed go with the next fetch."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

PREFIX: Final = "aelus-git-"
LOCK: Final = "in-use"
"""File that is locked as long as the folder is in use: the lock ends with its process, however that ends."""


@asynccontextmanager
async def scratch_folder(parent: Path | None) -> AsyncIterator[Path]:
    """A new folder in `parent`, the system's folder for temporary files by default."""
    base = parent or Path(tempfile.gettempdir())
    await asyncio.to_thread(_sweep, base)
    folder, lock = await asyncio.to_thread(_make, base)
    try:
        yield folder
    finally:
        await asyncio.shield(asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True))
        os.close(lock)


def _make(base: Path) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / LOCK).exists():
            return folder, lock
        os.close(lock)  # a sweep was faster, and took the folder for one that nobody uses


def _sweep(base: Path) -> None:
    """Remove the folders that nobody uses. One that has no lock yet is just being made, or somebody else's."""
    for folder in base.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            lock = os.open(folder / LOCK, os.O_RDWR | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)
