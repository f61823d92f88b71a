"""A tenant that is purged is gone: from every table, queue and cache, and nobody else loses anything."""

from __future__ import annotations

from pathlib import Path

from redis.asyncio import Redis

from databases import fresh_database
from isolation_world import opened, rows
from keyed_service import API

MOMENT_MS = 60_000


async def test_nothing_of_a_purged_tenant_is_left_anywhere(
    postgres_address: str, migrated_template: str, redis_address: str, tmp_path: Path
) -> None:
    async with fresh_database(postgres_address, migrated_template) as address, opened(address, tmp_path, redis_address) as world:
        use, gone = world.use_cases, world.theirs.team.id
        search = {"query": world.theirs.marker}
        assert (await world.http.post(f"{API}/retrieve/search", json=search, headers=world.theirs.callers["owner"])).json()["results"]
        await use.request_ingestion()(gone, (await use.list_repositories()(gone)).items[0].id)
        queue = use.ports().queue
        waiting = sum(depth.waiting for depth in await queue.depths())
        mine = await rows(address, world.mine.team.id)
        assert sum((await rows(address, gone)).values()) > 100
        assert str(gone) in await kept(redis_address)
        await world.http.delete(f"{API}/admin/tenants/{gone}", headers=world.operator)
        assert (await world.http.get(f"{API}/stats", headers=world.theirs.callers["owner"])).status_code == 401
        assert await use.purge_tenants()() == 0, "it can still be brought back"
        await use.purge_tenants().one(gone)
        assert set((await rows(address, gone)).values()) == {0}
        assert str(gone) not in await kept(redis_address)
        assert await rows(address, world.mine.team.id) == mine
        assert waiting - sum(depth.waiting for depth in await queue.depths()) == 2
        assert (await world.http.get(f"{API}/admin/tenants/{gone}", headers=world.operator)).status_code == 404


async def kept(address: str) -> str:
    """The names of all that lies in a Redis for longer than a moment, as counters of requests do, and what its streams hold."""
    async with Redis.from_url(address) as redis:
        names = [name async for name in redis.scan_iter() if not 0 <= await redis.pttl(name) <= MOMENT_MS]
        streams = [await redis.xrange(name) for name in names if await redis.type(name) == b"stream"]
    return f"{names} {streams}"
