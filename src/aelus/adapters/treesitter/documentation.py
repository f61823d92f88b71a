"""What a definition says of itself: its signature and its documentation."""

from __future__ import annotations

from inspect import cleandoc
from typing import Final

from tree_sitter import Node

from aelus.adapters.treesitter.room import Room

SIGNATURE_LIMIT: Final = 400
DOCSTRING_LIMIT: Final = 2_000


def signature_of(source: bytes, node: Node, body: Node | None) -> str:
    """The definition's head on one line, without its body."""
    end = body.start_byte if body is not None else node.end_byte
    head = source[node.start_byte : min(end, node.start_byte + 4 * SIGNATURE_LIMIT)].decode("utf-8", "replace")
    return " ".join(head.split()).rstrip(" :{=>")[:SIGNATURE_LIMIT]


def docstring_of(node: Node, room: Room, source: bytes, *, body: Node) -> str:
    """The documentation: the first string of the body, or the comments before the definition."""
    if room.settings.get("docstring") == "first_string":
        return _first_string(body, source)
    return ""


def _first_string(body: Node, source: bytes) -> str:
    for child in body.named_children[:3]:
        if child.type == "comment":
            continue
        inner = child.named_children[0] if child.type == "expression_statement" and child.named_child_count else child
        if inner.type != "string":
            return ""
        content = [part for part in inner.named_children if part.type == "string_content"]
        text = source[content[0].start_byte : content[-1].end_byte] if content else b""
        return cleandoc(text.decode("utf-8", "replace"))[:DOCSTRING_LIMIT]
    return ""
