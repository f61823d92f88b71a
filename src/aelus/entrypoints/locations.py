"""From what people write to the location that is recorded: an absolute path, or an address as it stands."""

from __future__ import annotations

from pathlib import Path


def absolute_location(given: str | Path) -> str:
    """Resolve a path against the working folder, links included; leave an address alone."""
    if isinstance(given, str) and "://" in given:
        return given
    return str(Path(given).expanduser().resolve())
