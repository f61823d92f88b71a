"""Takes comments and docstrings out of sources, line for line, so that what is asked for cannot be found by its own description."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

from tree_sitter import Node, Parser
from tree_sitter_language_pack import get_language

LANGUAGES = Path(__file__).parents[2] / "src" / "aelus" / "adapters" / "treesitter" / "languages"
DOCSTRING_HOLDERS = ("module", "block")
VISIBLE = re.compile(rb"[^\n]")


@cache
def grammars() -> dict[str, str]:
    """Grammar by file extension."""
    rooms = [tomllib.loads(path.read_text(encoding="utf-8"))["language"] for path in LANGUAGES.glob("*/language.toml")]
    return {extension: room["grammar"] for room in rooms for extension in room["extensions"]}


def without_comments(source: Path, target: Path) -> None:
    """Copy a folder; of its sources everything but comments and docstrings, of other files everything."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.md", "*.rst", "*.txt"), symlinks=True)
    for path in target.rglob("*"):
        grammar = grammars().get(path.suffix)
        if grammar and path.is_file() and not path.is_symlink():
            path.write_bytes(bare(path.read_bytes(), grammar))


def bare(source: bytes, grammar: str) -> bytes:
    """The source with blanks in place of comments."""
    kept = bytearray(source)
    for node in _comments(Parser(get_language(cast("Any", grammar))).parse(source).root_node):
        stands_alone = node.type != "expression_statement" or (node.parent is not None and node.parent.named_child_count > 1)
        blank = VISIBLE.sub(b" ", source[node.start_byte : node.end_byte])
        kept[node.start_byte : node.end_byte] = blank if stands_alone else b"pass" + blank[4:]
    return bytes(kept)


def _comments(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if "comment" in node.type or _is_docstring(node):
            yield node
        else:
            waiting += node.children


def _is_docstring(node: Node) -> bool:
    """A string that is the first statement of a body."""
    first = node.parent.named_children[0] if node.parent is not None and node.parent.named_child_count else None
    begins = first is not None and first == node and node.parent is not None and node.parent.type in DOCSTRING_HOLDERS
    return begins and node.type == "expression_statement" and node.named_child_count == 1 and node.named_children[0].type == "string"
