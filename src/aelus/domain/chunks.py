"""Chunks: the passages that search finds."""

from __future__ import annotations

from dataclasses import dataclass

ChunkId = str
"""32 lower-case hexadecimal digits, deterministic: repository, branch, path, first byte and content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A passage of one file. Lines are 1-based and inclusive."""

    id: ChunkId
    path: str
    start_line: int
    end_line: int
    kind: str
    """`NodeKind` of what it shows: `Function`, `Class` (header with its members' signatures), `Module` (top level), …"""
    qualified_name: str
    node_id: str
    """Node that it shows; empty when it shows several."""
    language: str
    text: str
    """The source text, as it stands in the file."""
    content_hash: str
    """Of what is embedded (`embedding_text`): equal hashes have equal vectors."""
