"""Repositories that are read from a Git server, without a checkout and without their history.

The server is not trusted, nor is what it sends: `GitReader` has a process of its own do the talking and the unpacking, within limits of
bytes, time and memory, and only takes listed paths and plain bytes from it.
"""

from __future__ import annotations

from aelus.adapters.git.address import GitPolicy
from aelus.adapters.git.git_reader import GitReader

__all__ = ["GitPolicy", "GitReader"]
