from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest

from aelus.domain.jobs import Job, JobState
from aelus.ports.errors import NotFound
from aelus.ports.shard_store import Shard, ShardFile
from index_builder import change, facts, job, small
from stores import Stores

LONG_S = 60.0


def shard(number: int, *paths: str) -> Shard:
    files = (
        ShardFile(path=path, language="python", blob_hash=f"{path[0]}!", source=b"#\0\xff" + path.encode("utf-8", "replace"))
        for path in paths
    )
    return Shard(number=number, files=tuple(files))


async def begun(stores: Stores, shards: Sequence[Shard]) -> tuple[UUID, Job]:
    tenant = await stores.tenant()
    one = await stores.jobs.add(tenant, job((await stores.repository(tenant)).id))
    await stores.shards.add(tenant, one.id, shards)
    return tenant, one


async def test_shards_are_taken_in_order_once_each(stores: Stores) -> None:
    offered = [shard(0, "a.py", "b/\udcff.py"), shard(1, "c.py")]
    tenant, one = await begun(stores, offered)
    taken = [await stores.shards.take(tenant, one.id, lease_s=LONG_S) for _ in range(3)]
    assert taken == [*offered, None]


async def test_several_takers_get_different_shards(stores: Stores) -> None:
    tenant, one = await begun(stores, [shard(number, f"{number}.py") for number in range(6)])
    taken = await asyncio.gather(*[stores.shards.take(tenant, one.id, lease_s=LONG_S) for _ in range(6)])
    assert sorted(found.number for found in taken if found) == list(range(6))


async def test_a_shard_whose_taker_is_not_heard_of_is_another_ones(stores: Stores) -> None:
    tenant, one = await begun(stores, [shard(0, "a.py")])
    first = await stores.shards.take(tenant, one.id, lease_s=0.01)
    await asyncio.sleep(0.05)
    assert first is not None
    assert await stores.shards.take(tenant, one.id, lease_s=LONG_S) == first


async def test_what_is_done_leaves_its_facts(stores: Stores) -> None:
    tenant, one = await begun(stores, [shard(0, "a.py", "b.py"), shard(1, "c.py")])
    assert await stores.shards.left(tenant, one.id) == [0, 1]
    for _ in range(2):
        await stores.shards.finish(tenant, one.id, 0, {"a!": facts()}, parser_version="p1")
    assert await stores.shards.left(tenant, one.id) == [1]
    async with stores.indexes.session(tenant, one.repository_id) as session:
        assert await session.facts(["a!", "b!"], parser_version="p1") == {"a!": facts()}


async def test_shards_end_with_their_job(stores: Stores) -> None:
    tenant, one = await begun(stores, [shard(0, "a.py")])
    await stores.jobs.update(tenant, replace(one, state=JobState.FAILED))
    other = await stores.jobs.add(tenant, job(one.repository_id))
    await stores.shards.add(tenant, other.id, [shard(0, "b.py")])
    assert await stores.shards.left(tenant, one.id) == []
    await stores.shards.drop(tenant, other.id)
    assert await stores.shards.take(tenant, other.id, lease_s=LONG_S) is None


async def test_another_tenants_job_has_no_shards(stores: Stores) -> None:
    _, one = await begun(stores, [shard(0, "a.py")])
    stranger = await stores.tenant()
    assert await stores.shards.take(stranger, one.id, lease_s=LONG_S) is None
    with pytest.raises(NotFound):
        await stores.shards.add(stranger, one.id, [shard(0, "a.py")])


async def test_what_was_parsed_for_a_job_that_failed_is_removed_when_no_other_is_at_work(stores: Stores) -> None:
    tenant, one = await begun(stores, [shard(0, "a.py")])
    await stores.shards.finish(tenant, one.id, 0, {"a!": facts()}, parser_version="p1")
    other = await stores.jobs.add(tenant, job((await stores.repository(tenant, "other")).id))
    await stores.jobs.update(tenant, replace(one, state=JobState.FAILED))
    assert await stores.shards.drop_leavings(tenant) == 0
    await stores.jobs.update(tenant, replace(other, state=JobState.CANCELLED))
    assert [await stores.shards.drop_leavings(tenant) for _ in range(2)] == [1, 0]


async def test_facts_that_an_index_refers_to_are_left_there(stores: Stores) -> None:
    tenant = await stores.tenant()
    await stores.write(tenant, await stores.repository(tenant), change(small()))
    assert await stores.shards.drop_leavings(tenant) == 0
