"""Search, and remember what was found until an index changes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from aelus.application.hit_codec import decode_hits, encode_hits
from aelus.application.search_code import EVERYWHERE, SearchCode, asked_in
from aelus.domain.repository import IndexStamp
from aelus.domain.search import Grouping, Hit, SearchFilter, SearchMode
from aelus.domain.tenancy import TenantId
from aelus.ports.cache import Cache
from aelus.ports.repository_store import RepositoryStore

TTL_S: Final = 600.0


class CachedSearch:
    """Answers as `SearchCode` does.

    What was found is kept under the question and the stamps of all indexes that it was asked of. Once an index is written, or a repository
    is added, renamed or removed, the key is another, and what was kept is out of reach.

    Args:
        search: finds what is not kept.
        cache: keeps it.
        repositories: knows the stamps.
        edition: of the program and its models, where processes of different ones share a cache.
    """

    def __init__(self, *, search: SearchCode, cache: Cache, repositories: RepositoryStore, edition: str) -> None:
        self._search = search
        self._cache = cache
        self._repositories = repositories
        self._edition = edition

    async def __call__(
        self,
        tenant: TenantId,
        query: str,
        *,
        where: SearchFilter = EVERYWHERE,
        limit: int = 10,
        mode: SearchMode = SearchMode.HYBRID,
        group: Grouping = Grouping.SPREAD,
    ) -> tuple[Hit, ...]:
        """The best chunks, best first. Raises as `SearchCode`."""
        stamps = await self._stamps(tenant, query, where)
        key = _key(self._edition, query, where, f"{limit} {mode} {group}", stamps)
        kept = await self._cache.get(tenant, key)
        if kept is not None:
            return decode_hits(kept)
        hits = await self._search(tenant, query, where=where, limit=limit, mode=mode, group=group, stamps=stamps)
        await self._cache.put(tenant, key, encode_hits(hits), ttl_s=TTL_S)
        return hits

    async def _stamps(self, tenant: TenantId, query: str, where: SearchFilter) -> Sequence[IndexStamp]:
        """Of the indexes that are asked, and of those that the question names itself: a further branch is among them then alone.

        A name that is nobody's for whoever asks has no stamp, and the search refuses it.
        """
        called = [await self._repositories.find(tenant, name) for name in asked_in(query).repositories]
        named = [one.id for one in called if one is not None]
        stamps = await self._repositories.stamps(tenant, where.repositories)
        return [*stamps, *await self._repositories.stamps(tenant, named)] if named else stamps


def _key(edition: str, query: str, where: SearchFilter, how: str, stamps: Sequence[IndexStamp]) -> str:
    """The stamps were read before anything was searched: what is found is as new as they are, or newer."""
    parts = repr((edition, query, where, how, stamps)).encode("utf-8", "surrogatepass")
    return f"hits:{hashlib.blake2b(parts, digest_size=16).hexdigest()}"
