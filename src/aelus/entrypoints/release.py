"""Which Aelus this is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def release() -> str:
    """The installed version; `0+source` where the sources run without being installed."""
    try:
        return version("aelus")
    except PackageNotFoundError:
        return "0+source"
