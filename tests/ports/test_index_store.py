from __future__ import annotations

from dataclasses import replace

import pytest

from aelus.domain.search import SearchFilter
from aelus.ports.errors import Conflict, NotFound, Unavailable
from index_builder import MODEL, Content, change, chunk, edge, facts, identifier, node, repository, small, vector
from stores import Stores


async def test_the_same_content_written_twice_writes_nothing_the_second_time(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    first = await stores.write(tenant, shop, change(small()))
    second = await stores.write(tenant, shop, change(small()))
    assert (first.nodes, first.edges, first.chunks) == (3, 1, 2)
    assert (second.nodes, second.edges, second.chunks) == (0, 0, 0)


async def test_a_deleted_file_takes_its_nodes_edges_and_chunks_along(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    contents = small()
    await stores.write(tenant, shop, change(contents))
    written = await stores.write(tenant, shop, change([], ["cart.py"]))
    assert (written.nodes, written.edges, written.chunks) == (1, 1, 1)
    assert await stores.graph.nodes(tenant, [contents[1].nodes[0].id]) == []
    assert await stores.vectors.of_file(tenant, shop.id, "cart.py") in ([], ())


async def test_what_is_written_is_what_the_snapshot_tells(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    await stores.write(tenant, shop, change(small()))
    async with stores.indexes.session(tenant, shop.id) as session:
        snapshot = await session.snapshot()
    assert sorted(snapshot.files) == ["", "cart.py", "prices.py"]
    assert (snapshot.model, snapshot.parser_version, snapshot.commit) == (MODEL, "p1", "c" * 40)
    assert snapshot.files["cart.py"] == small()[1].change().state


async def test_facts_are_kept_by_content_and_parser_version(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    await stores.write(tenant, shop, change(small()))
    blob = identifier("cart.py", "1")
    async with stores.indexes.session(tenant, shop.id) as session:
        assert await session.facts([blob], parser_version="p1") == {blob: facts()}
        assert await session.facts([blob], parser_version="p2") == {}


async def test_only_vectors_that_are_not_there_are_missing(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    contents = small()
    await stores.write(tenant, shop, change(contents))
    known = contents[1].chunks[0].content_hash
    async with stores.indexes.session(tenant, shop.id) as session:
        assert await session.missing_vectors([known, "new"], model=MODEL) == ["new"]
        assert await session.missing_vectors([known], model="other") == [known]


async def test_facts_and_vectors_that_nothing_needs_are_dropped(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    contents = small()
    await stores.write(tenant, shop, change(contents))
    await stores.write(tenant, shop, change([], ["cart.py"]))
    async with stores.indexes.session(tenant, shop.id) as session:
        assert await session.facts([identifier("cart.py", "1")], parser_version="p1") == {}
        assert await session.missing_vectors([contents[1].chunks[0].content_hash], model=MODEL) == [contents[1].chunks[0].content_hash]


async def test_what_another_repository_still_needs_is_kept(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop, copy = await stores.repository(tenant), await stores.repository(tenant, "copy")
    contents = small()
    await stores.write(tenant, shop, change(contents))
    await stores.write(tenant, copy, change(small("copy")))
    await stores.write(tenant, shop, change([], ["cart.py"]))
    async with stores.indexes.session(tenant, copy.id) as session:
        assert await session.facts([identifier("cart.py", "1")], parser_version="p1")
        assert await session.missing_vectors([contents[1].chunks[0].content_hash], model=MODEL) == []


async def test_no_chunk_is_written_whose_vector_went_with_another_repository(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop, copy = await stores.repository(tenant), await stores.repository(tenant, "copy")
    known = small()[1].chunks[0]
    await stores.write(tenant, shop, change(small()))
    async with stores.indexes.session(tenant, copy.id) as session:
        assert await session.missing_vectors([known.content_hash], model=MODEL) == []
        await stores.repositories.remove(tenant, shop.id)
        with pytest.raises(Unavailable):
            await session.write(replace(change(small("copy")), vectors={}))
        assert (await session.snapshot()).files == {}
        assert await session.missing_vectors([known.content_hash], model=MODEL) == [known.content_hash]
        await session.write(change(small("copy")))
    found = await stores.vectors.nearest(tenant, vector(1.0), model=MODEL, where=SearchFilter(), limit=10)
    assert {one.chunk.path for one in found} == {"cart.py", "prices.py"}


async def test_a_second_writer_of_a_repository_is_refused(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    async with stores.indexes.session(tenant, shop.id):
        with pytest.raises(Conflict, match=f"The repository '{shop.name}' is being indexed"):
            async with stores.indexes.session(tenant, shop.id):
                pass


async def test_an_unknown_repository_has_no_session(stores: Stores) -> None:
    tenant = await stores.tenant()
    with pytest.raises(NotFound):
        async with stores.indexes.session(tenant, repository().id):
            pass


async def test_a_changed_file_touches_only_what_changed_in_it(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    contents = small()
    await stores.write(tenant, shop, change(contents))
    pay = contents[1].nodes[0]
    edited = Content("cart.py", (pay, node("cart.py", "refund", 5)), contents[1].edges, contents[1].chunks, version="2")
    written = await stores.write(tenant, shop, change([edited]))
    assert (written.nodes, written.edges, written.chunks) == (1, 0, 0)


async def test_a_passage_that_moves_is_found_at_its_new_place(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    await stores.write(tenant, shop, change(small()))
    moved = replace(small()[1].chunks[0], start_line=11, end_line=12)
    written = await stores.write(tenant, shop, change([Content("cart.py", small()[1].nodes, small()[1].edges, (moved,), version="2")]))
    assert written.chunks == 1
    assert [one.start_line for one in await stores.vectors.of_file(tenant, shop.id, "cart.py")] == [11]


async def test_text_that_no_database_likes_is_kept_readable(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    odd = chunk("odd.py", "odd", "x = 'half \ud800 pair'")
    await stores.write(tenant, shop, change([Content("odd.py", (), (), (odd,))]))
    found = await stores.vectors.of_file(tenant, shop.id, "odd.py")
    assert [one.text[:10] for one in found] == ["x = 'half "]


async def test_each_write_is_a_new_version_of_the_index(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    await stores.write(tenant, shop, change(small()))
    await stores.write(tenant, shop, change([], ["cart.py"]))
    known = await stores.repositories.get(tenant, shop.id)
    assert known.index is not None
    assert known.index.version == 2


async def test_removing_a_repository_removes_its_index(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    contents = small()
    await stores.write(tenant, shop, change(contents))
    await stores.repositories.remove(tenant, shop.id)
    assert await stores.graph.find(tenant, "pay") == []
    assert await stores.graph.edges(tenant, [contents[1].nodes[0].id]) == []


async def test_a_new_model_replaces_all_vectors(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    contents = small()
    await stores.write(tenant, shop, change(contents))
    again = replace(change(contents, model="better"), changed=[])
    await stores.write(tenant, shop, again)
    async with stores.indexes.session(tenant, shop.id) as session:
        assert len(await session.missing_vectors([contents[1].chunks[0].content_hash], model=MODEL)) == 1
        assert len(await session.missing_vectors([contents[1].chunks[0].content_hash], model="better")) == 0


async def test_two_edges_of_one_place_are_one(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    one, two = node("a.py", "one"), node("a.py", "two", 5)
    twice = (edge(one, two), edge(one, two)._replace(confidence=0.5))
    await stores.write(tenant, shop, change([Content("a.py", (one, two), twice[:1])]))
    assert len(await stores.graph.edges(tenant, [one.id])) == 1
    assert vector(1.0)[0] == 1.0


async def test_vectors_are_kept_before_anything_is_written(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    async with stores.indexes.session(tenant, shop.id) as session:
        await session.keep_vectors({"a": vector(1.0), "b": vector(2.0, 1.0)}, model=MODEL)
        await session.keep_vectors({"a": vector(1.0)}, model=MODEL)
    async with stores.indexes.session(tenant, shop.id) as session:
        assert await session.missing_vectors(["a", "b", "c"], model=MODEL) == ["c"]
        assert await session.missing_vectors(["a"], model="another") == ["a"]


async def test_a_bound_that_the_linker_hit_is_remembered(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    await stores.write(tenant, shop, replace(change(small()), truncated=True))
    index = (await stores.repositories.get(tenant, shop.id)).index
    async with stores.indexes.session(tenant, shop.id) as session:
        assert (await session.snapshot()).truncated
    assert index is not None
    assert index.truncated
