"""Parsing with tree-sitter: language rooms as data, one engine that reads them, a pool of processes that runs it."""

from aelus.adapters.treesitter.parser import TreesitterParser
from aelus.adapters.treesitter.work import Limits

__all__ = ["Limits", "TreesitterParser"]
