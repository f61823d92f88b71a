"""From one file to the passages that search finds.

Cuts follow the syntax: `Outline` knows which definitions lie where, `sections` divides the file along them, `SourceLines` cuts what is too
long between statements. The chunks of a file have no line in common and hold every line that is not blank. Pure: the same file gives the
same chunks, with the same ids.
"""

from __future__ import annotations

from aelus.domain.chunking.chunker import chunk_file, embedding_text
from aelus.domain.chunking.source_lines import MAX_BYTES, TARGET_BYTES

__all__ = ["MAX_BYTES", "TARGET_BYTES", "chunk_file", "embedding_text"]
