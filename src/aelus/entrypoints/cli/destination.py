"""Where a command writes its lines: standard output, or a file that appears whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

BUFFER_BYTES = 1024 * 1024


@contextmanager
def destination(path: str | None) -> Iterator[BinaryIO]:
    """Raises OSError, with the name of the file."""
    if path is None or path == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    elif Path(path).exists() and not Path(path).is_file():
        with Path(path).open("wb", BUFFER_BYTES) as device:
            yield device
    else:
        with _replaced(Path(path)) as file:
            yield file


@contextmanager
def _replaced(path: Path) -> Iterator[BinaryIO]:
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(path)) from error
    try:
        with os.fdopen(descriptor, "wb", BUFFER_BYTES) as file:
            yield file
        Path(temporary).chmod(_new_file_mode())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _new_file_mode() -> int:
    """What `open` would give a new file."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
