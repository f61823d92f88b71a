"""From what people write to the location that is recorded: an absolute path, or an address as it stands."""

from __future__ import annotations

from pathlib import Path

from aelus.domain.source import is_address
from aelus.ports.errors import LocationNotFound


def absolute_location(given: str | Path) -> str:
    """Resolve a path against the working folder, links included; leave an address alone. Raises LocationNotFound for nothing."""
    if not str(given).strip():
        raise LocationNotFound("An empty path names no folder.", "Give the folder, or `.` for the one you are in.")
    if isinstance(given, str) and is_address(given):
        return given
    return str(Path(given).expanduser().resolve())
