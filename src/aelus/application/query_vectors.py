"""Vectors of questions."""

from __future__ import annotations

import hashlib
from array import array
from typing import Final

from aelus.domain.search import Vector
from aelus.domain.tenancy import TenantId
from aelus.ports.cache import Cache
from aelus.ports.embedders import Embedders

TTL_S: Final = 24 * 3600.0


class QueryVectors:
    """Embeds a question by the model of the index that is asked. What a service has answered once is kept."""

    def __init__(self, *, embedders: Embedders, cache: Cache) -> None:
        self._embedders = embedders
        self._cache = cache

    async def __call__(self, tenant: TenantId, text: str, *, model: str) -> Vector | None:
        """None where the model cannot be had any more, or knows no word of the text. Raises as `Embedder`."""
        embedder = self._embedders.of(model)
        if embedder is None or not embedder.knows(text):
            return None
        if not embedder.remote:
            return await embedder.embed_query(text)
        key = _key(model, text)
        kept = await self._cache.get(tenant, key)
        if kept is not None:
            return array("f", kept)
        vector = await embedder.embed_query(text)
        await self._cache.put(tenant, key, vector.tobytes(), ttl_s=TTL_S)
        return vector


def _key(model: str, text: str) -> str:
    return f"vector:{hashlib.blake2b(repr((model, text)).encode(), digest_size=16).hexdigest()}"
