"""What linking a repository takes of memory, said before anything is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aelus.domain.repository import Repository
from aelus.domain.source import SourceFile
from aelus.ports.errors import LimitExceeded

DEFAULT_MEMORY_BYTES: Final = 8 * 1024**3
BASE_BYTES: Final = 100_000_000
SPREAD: Final = 50
"""Bytes of memory for each byte of code; measured while linking: 34.0 MB of Python took 1,813 MB, 161.2 MB in seven languages 5,013 MB."""


def check_memory(code: Sequence[SourceFile], repository: Repository, *, limit_bytes: int) -> None:
    """Raises LimitExceeded: the files would take more than `limit_bytes`."""
    source_bytes = sum(file.size_bytes for file in code)
    needed = BASE_BYTES + SPREAD * source_bytes
    if needed > limit_bytes:
        raise LimitExceeded(
            f"Indexing {repository.name!r} would take about {needed / 1e9:.1f} GB of memory for {source_bytes / 1e6:.0f} MB of code, "
            f"of {limit_bytes / 1e9:.1f} GB that are allowed.",
            "Leave folders out with .aelusignore, or raise AELUS_MAX_MEMORY_BYTES.",
        )
