"""What a backlog of vectors promises, in memory and in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID, uuid4

from aelus.domain.chunks import Chunk
from aelus.domain.repository import MAX_VECTORS_ERROR, Repository
from aelus.domain.search import SearchFilter, Vector
from aelus.ports.index_store import IndexChange
from index_builder import MODEL, Content, change, chunk, vector
from stores import Stores

ALL = SearchFilter()
NAMES = ("alpha", "beta", "gamma")
CHUNKS = [chunk(f"src/{name}.py", name, f"def {name}(cart):\n    return cart") for name in NAMES]
VECTORS = {one.content_hash: vector(1, place) for place, one in enumerate(CHUNKS)}


def lacking(chunks: Sequence[Chunk]) -> IndexChange:
    """A change whose vectors are still to be made."""
    made = change([Content(one.path, chunks=(one,)) for one in chunks])
    return replace(made, vectors={}, lacking=frozenset(one.content_hash for one in chunks))


async def behind(stores: Stores, chunks: Sequence[Chunk] = CHUNKS) -> tuple[UUID, Repository]:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    await stores.write(tenant, shop, lacking(chunks))
    return tenant, shop


async def nearest(stores: Stores, tenant: UUID) -> list[str]:
    found = await stores.vectors.nearest(tenant, vector(1, 0), model=MODEL, where=ALL, limit=10)
    return [one.chunk.path for one in found]


async def test_what_lacks_vectors_is_found_by_words_and_names_alone(stores: Stores) -> None:
    tenant, _ = await behind(stores)
    assert len(await stores.vectors.matching(tenant, {"cart": 1.0}, where=ALL, limit=10)) == len(CHUNKS)
    assert len(await stores.vectors.named(tenant, ["alpha"], where=ALL, limit=10)) == 1
    assert await nearest(stores, tenant) == []


async def test_a_portion_is_found_as_soon_as_it_has_its_vectors(stores: Stores) -> None:
    tenant, shop = await behind(stores)
    (before,) = await stores.repositories.stamps(tenant)
    portion = await stores.backlog.lacking(tenant, shop.id, model=MODEL, limit=2)
    left = await stores.backlog.fill(tenant, shop.id, {one.content_hash: VECTORS[one.content_hash] for one in portion}, model=MODEL)
    (after,) = await stores.repositories.stamps(tenant)
    assert (len(portion), left, after.version > before.version) == (2, 1, True)
    assert sorted(await nearest(stores, tenant)) == sorted(one.path for one in portion)


async def test_of_two_who_make_the_same_portion_one_goes_on(stores: Stores) -> None:
    tenant, shop = await behind(stores)
    portion = {one.content_hash: VECTORS[one.content_hash] for one in CHUNKS[:2]}
    assert [await stores.backlog.fill(tenant, shop.id, portion, model=MODEL) for _ in range(2)] == [1, 0]
    assert len(await stores.backlog.lacking(tenant, shop.id, model=MODEL, limit=9)) == 1
    assert await stores.backlog.due(tenant, silent_s=0) == [shop.id]


async def test_a_filled_backlog_leaves_the_index_that_is_written_at_once(stores: Stores) -> None:
    tenant, shop = await behind(stores)
    assert await stores.backlog.fill(tenant, shop.id, VECTORS, model=MODEL) == 0
    other = await stores.tenant()
    whole = await stores.repository(other)
    await stores.write(other, whole, replace(change([Content(one.path, chunks=(one,)) for one in CHUNKS]), vectors=VECTORS))
    assert await nearest(stores, tenant) == await nearest(stores, other) == [one.path for one in CHUNKS]
    assert await stores.backlog.lacking(tenant, shop.id, model=MODEL, limit=9) == []


async def test_what_is_gone_by_now_gets_no_vector(stores: Stores) -> None:
    tenant, shop = await behind(stores)
    await stores.write(tenant, shop, replace(change([], [CHUNKS[0].path]), vectors={}))
    assert await stores.backlog.fill(tenant, shop.id, VECTORS, model=MODEL) == 0
    assert await nearest(stores, tenant) == [one.path for one in CHUNKS[1:]]
    async with stores.indexes.session(tenant, shop.id) as session:
        assert list(await session.missing_vectors(list(VECTORS), model=MODEL)) == [CHUNKS[0].content_hash]


async def test_another_models_index_is_left_alone(stores: Stores) -> None:
    tenant, shop = await behind(stores)
    assert await stores.backlog.lacking(tenant, shop.id, model="other", limit=9) == []
    assert await stores.backlog.fill(tenant, shop.id, VECTORS, model="other") == 0
    assert len(await stores.backlog.lacking(tenant, shop.id, model=MODEL, limit=9)) == len(CHUNKS)


async def test_a_later_change_leaves_the_backlog_there(stores: Stores) -> None:
    tenant, shop = await behind(stores, CHUNKS[:2])
    content = Content(CHUNKS[2].path, chunks=(CHUNKS[2],), vectors={CHUNKS[2].content_hash: VECTORS[CHUNKS[2].content_hash]})
    await stores.write(tenant, shop, change([content]))
    assert await nearest(stores, tenant) == [CHUNKS[2].path]
    left: dict[str, Vector] = {one.content_hash: VECTORS[one.content_hash] for one in CHUNKS[:2]}
    assert await stores.backlog.fill(tenant, shop.id, left, model=MODEL) == 0
    assert await nearest(stores, tenant) == [one.path for one in CHUNKS]


async def test_of_a_backlog_that_nobody_works_at_one_caller_is_told(stores: Stores) -> None:
    tenant, shop = await behind(stores)
    assert await stores.backlog.due(tenant, silent_s=60) == []
    assert await stores.backlog.due(tenant, silent_s=0) == [shop.id]
    assert await stores.backlog.due(tenant, silent_s=60) == []
    await stores.backlog.fill(tenant, shop.id, VECTORS, model=MODEL)
    assert await stores.backlog.due(tenant, silent_s=0) == []


async def test_other_tenants_backlogs_are_not_there(stores: Stores) -> None:
    tenant, shop = await behind(stores)
    other = await stores.tenant()
    assert await stores.backlog.due(other, silent_s=0) == []
    assert await stores.backlog.lacking(other, shop.id, model=MODEL, limit=9) == []
    assert await stores.backlog.fill(other, shop.id, VECTORS, model=MODEL) == 0
    assert await stores.backlog.fill(tenant, uuid4(), VECTORS, model=MODEL) == 0
    assert await nearest(stores, tenant) == []


async def test_the_record_of_the_index_tells_whether_vectors_are_still_being_made(stores: Stores) -> None:
    tenant, shop = await behind(stores)
    told = []
    for portion in ({}, dict(list(VECTORS.items())[:1]), VECTORS):
        await stores.backlog.fill(tenant, shop.id, portion, model=MODEL)
        index = (await stores.repositories.get(tenant, shop.id)).index
        told.append(index is not None and index.lacks_vectors)
    assert told == [True, True, False]


async def told(stores: Stores, tenant: UUID, repository: Repository) -> str | None:
    index = (await stores.repositories.get(tenant, repository.id)).index
    return None if index is None else index.vectors_error


async def test_why_no_vector_can_be_made_is_told_until_one_is(stores: Stores) -> None:
    tenant, shop = await behind(stores)
    before = await told(stores, tenant, shop)
    await stores.backlog.refuse(tenant, shop.id, "The key is refused.")
    meanwhile = await told(stores, tenant, shop)
    await stores.backlog.fill(tenant, shop.id, dict(list(VECTORS.items())[:1]), model=MODEL)
    assert (before, meanwhile, await told(stores, tenant, shop)) == ("", "The key is refused.", "")


async def test_a_refusal_outlives_a_change_by_the_same_model_alone(stores: Stores) -> None:
    tenant, shop = await behind(stores)
    await stores.backlog.refuse(tenant, shop.id, "The key is refused.")
    await stores.write(tenant, shop, lacking(CHUNKS[:1]))
    same = await told(stores, tenant, shop)
    whole = change([Content(one.path, chunks=(one,), vectors={one.content_hash: VECTORS[one.content_hash]}) for one in CHUNKS])
    await stores.write(tenant, shop, replace(whole, model="other"))
    assert (same, await told(stores, tenant, shop)) == ("The key is refused.", "")


async def test_of_a_long_refusal_the_beginning_is_kept(stores: Stores) -> None:
    tenant, shop = await behind(stores)
    await stores.backlog.refuse(tenant, shop.id, "no\0" + 5_000 * "é")
    kept = await told(stores, tenant, shop) or ""
    assert (len(kept), kept.startswith("no")) == (MAX_VECTORS_ERROR, True)


async def test_a_refusal_is_kept_for_nobody_elses_index(stores: Stores) -> None:
    tenant, shop = await behind(stores)
    await stores.backlog.refuse(await stores.tenant(), shop.id, "The key is refused.")
    await stores.backlog.refuse(tenant, uuid4(), "The key is refused.")
    assert await told(stores, tenant, shop) == ""
