"""Hits as bytes, for a cache."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from aelus.domain.chunks import Chunk
from aelus.domain.search import Hit


def encode_hits(hits: Sequence[Hit]) -> bytes:
    return json.dumps([asdict(hit) | {"repository_id": hit.repository_id.hex} for hit in hits], separators=(",", ":")).encode()


def decode_hits(data: bytes) -> tuple[Hit, ...]:
    return tuple(map(_hit, json.loads(data)))


def _hit(fields: dict[str, Any]) -> Hit:
    return Hit(
        repository_id=UUID(fields["repository_id"]),
        repository=fields["repository"],
        chunk=Chunk(**fields["chunk"]),
        score=fields["score"],
        why=tuple(fields["why"]),
    )
