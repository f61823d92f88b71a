"""Chunks: the passages that search finds."""

from __future__ import annotations

from dataclasses import dataclass

ChunkId = str
"""32 lower-case hexadecimal digits, deterministic: repository, branch, path, content, and which of equal chunks of the file it is."""


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
    """Node that it shows; empty when the graph has none."""
    language: str
    text: str
    """Lines `start_line` to `end_line` as they stand in the file, with LF between them; below the header of a file or class follow the
    signatures of its members.

    A single line that is too long for one chunk is divided among several, all with its number.
    """
    content_hash: str
    """Of what is embedded (`embedding_text`): equal hashes have equal vectors."""
