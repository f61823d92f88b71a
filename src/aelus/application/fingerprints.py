"""Hashes of what is written for one file: equal ones mean that there is nothing to write.

They are taken of every file in every run, so they are joined from plain fields, column by column, instead of rendered from records.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from aelus.domain.chunks import Chunk
from aelus.domain.graph import CodeNode, Edge

_SEPARATOR = "\x1f"


def graph_hash(nodes: Sequence[CodeNode], edges: Sequence[Edge]) -> str:
    """Hash of all that is stored of the nodes and edges, in their order."""
    parts = [_node_text(node) for node in nodes]
    if edges:
        kinds, sources, targets, paths, lines, origins, confidences = zip(*edges, strict=True)
        parts.extend((*kinds, *sources, *targets, *paths, *origins, repr(lines), repr(confidences)))
    return _digest(_SEPARATOR.join(parts))


def chunk_hash(chunks: Sequence[Chunk]) -> str:
    """Count and hash of the chunks, in their order."""
    text = _SEPARATOR.join([f"{c.id}{c.content_hash}{c.start_line},{c.end_line},{c.node_id}{c.kind}{c.qualified_name}" for c in chunks])
    return f"{len(chunks)}:{_digest(text)}"


def chunk_count(stored_hash: str) -> int:
    """The count that a `chunk_hash` begins with."""
    count, _, _ = stored_hash.partition(":")
    return int(count or 0)


def _node_text(node: CodeNode) -> str:
    place = f"{node.start_line},{node.end_line},{node.start_byte},{node.end_byte}"
    words = (node.id, node.kind, node.name, node.qualified_name, place, node.language, node.signature, node.docstring, node.visibility)
    return "\x1e".join((*words, node.content_hash, *node.decorators))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
