"""Facts as bytes: plain lists in JSON, compressed lightly."""

from __future__ import annotations

import zlib

import orjson

from aelus.domain.facts import FileFacts
from aelus.domain.facts_codec import from_plain, to_plain


def encode_facts(facts: FileFacts) -> bytes:
    """Bytes that `decode_facts` reads."""
    return zlib.compress(orjson.dumps(to_plain(facts)), level=1)


def decode_facts(data: bytes) -> FileFacts:
    """The facts that were encoded."""
    return from_plain(orjson.loads(zlib.decompress(data)))
