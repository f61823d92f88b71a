"""Parsing with tree-sitter: language rooms as data, one engine that reads them, a pool of processes that runs it.

The names are loaded when they are first used: the worker processes need the engine alone, and start several times a run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aelus.adapters.treesitter.parser import TreesitterParser
    from aelus.adapters.treesitter.work import Limits

__all__ = ["Limits", "TreesitterParser"]


def __getattr__(name: str) -> Any:
    if name == "TreesitterParser":
        from aelus.adapters.treesitter.parser import TreesitterParser

        return TreesitterParser
    if name == "Limits":
        from aelus.adapters.treesitter.work import Limits

        return Limits
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
