"""Reading one file that may be anything."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""Neither follows a link that has just been put there, nor waits for the other end of a pipe."""


def read_file(path: Path | str, max_bytes: int) -> bytes | None:
    """Bytes of a regular file; None when it is none, or has more than `max_bytes`. Raises OSError."""
    descriptor = os.open(path, _FLAGS)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > max_bytes:
            return None
        return _read_all(descriptor, status.st_size, max_bytes)
    finally:
        os.close(descriptor)


def _read_all(descriptor: int, size_bytes: int, max_bytes: int) -> bytes | None:
    """A file may have grown since it was measured, and a read may return less than it was asked for."""
    parts: list[bytes] = []
    left = max_bytes + 1
    while left > 0:
        part = os.read(descriptor, min(size_bytes + 1, left))
        if not part:
            return b"".join(parts)
        parts.append(part)
        left -= len(part)
    return None
