"""Repositories that are read from a Git server, without a checkout and without their history.

The server is not trusted, nor is what it sends: `GitReader` has a process of its own do the talking and the unpacking, within limits of
bytes, time and memory, and only takes listed paths and plain bytes from it. That process is started for every push, so what it does not
need is imported only when it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from aelus.adapters.git.address import GitPolicy
    from aelus.adapters.git.git_reader import GitReader

__all__ = ["GitPolicy", "GitReader"]

_ROOMS: Final = {"GitPolicy": "address", "GitReader": "git_reader"}


def __getattr__(name: str) -> object:
    if name in _ROOMS:
        return getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
