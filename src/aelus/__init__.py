"""Aelus: self-hosted code intelligence.

`from aelus import Aelus` gives other programs the index; it is imported when it is asked for, so that `import aelus` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aelus.entrypoints.library import Aelus

__all__ = ["Aelus"]


def __getattr__(name: str) -> object:
    if name == "Aelus":
        from aelus.entrypoints.library import Aelus

        return Aelus
    raise AttributeError(f"module 'aelus' has no attribute {name!r}")
