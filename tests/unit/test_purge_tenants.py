"""A deleted tenant is purged once everything of it could be reached, and not before."""

from __future__ import annotations

import pytest

from aelus.adapters.memory import MemoryCache
from aelus.adapters.redis import RedisCache
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.errors import NotFound, Unavailable
from keyed_service import make_team
from services import free_port


async def test_a_purge_is_not_done_before_the_cache_was_reached(use_cases: UseCases) -> None:
    gone, purge = await make_team(use_cases, "gone"), use_cases.purge_tenants()
    await use_cases.change_tenants()(gone.id, deleted=True)
    async with RedisCache(f"redis://127.0.0.1:{free_port()}/0") as away:
        purge._cache = away
        with pytest.raises(Unavailable):
            await purge.one(gone.id)
    assert (await use_cases.ports().tenants.get(gone.id)).deleted_at is not None
    purge._cache = MemoryCache()
    await purge.one(gone.id)
    with pytest.raises(NotFound):
        await use_cases.ports().tenants.get(gone.id)
