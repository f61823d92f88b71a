from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from aelus.adapters.postgres.database import Database
from aelus.adapters.postgres.vector_store import PostgresVectorStore
from aelus.domain.bm25 import idf, weight
from aelus.domain.repository import Repository
from aelus.domain.search import SearchFilter
from aelus.domain.terms import document_terms
from aelus.domain.trigrams import likeness, name_trigrams
from index_builder import MODEL, Content, change, chunk, vector
from stores import Stores, in_postgres

ALL = SearchFilter()
TEXTS = {
    "alpha": "def alpha(cart):\n    return total_price(cart)",
    "beta": "def beta(cart):\n    return cart.items",
    "gamma": "def gamma(name):\n    return lookup(name)",
}


async def filled(stores: Stores, name: str = "shop") -> tuple[UUID, Repository]:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant, name)
    await stores.write(tenant, shop, change(contents()))
    return tenant, shop


def contents() -> list[Content]:
    chunks = {name: chunk(f"src/{name}.py", name, text) for name, text in TEXTS.items()}
    directions = {"alpha": vector(1, 0.1), "beta": vector(0.2, 1), "gamma": vector(-1, 0.5)}
    return [Content(one.path, chunks=(one,), vectors={one.content_hash: directions[name]}) for name, one in chunks.items()]


async def test_chunks_come_in_the_order_of_their_cosine(stores: Stores) -> None:
    tenant, _ = await filled(stores)
    found = await stores.vectors.nearest(tenant, vector(1, 0), model=MODEL, where=ALL, limit=10)
    assert [one.chunk.path for one in found] == ["src/alpha.py", "src/beta.py", "src/gamma.py"]
    assert found[0].score == pytest.approx(vector(1, 0.1)[0], abs=2e-3)


async def test_the_nearest_follow_what_is_written_and_removed(stores: Stores) -> None:
    tenant, shop = await filled(stores)
    await stores.vectors.nearest(tenant, vector(1, 0), model=MODEL, where=ALL, limit=10)
    new = chunk("src/delta.py", "delta", "def delta(cart):\n    return cart")
    content = Content(new.path, chunks=(new,), vectors={new.content_hash: vector(1, 0.2)})
    await stores.write(tenant, shop, change([content], ["src/alpha.py"]))
    found = await stores.vectors.nearest(tenant, vector(1, 0), model=MODEL, where=ALL, limit=10)
    assert [one.chunk.path for one in found] == ["src/delta.py", "src/beta.py", "src/gamma.py"]


async def test_another_models_vectors_are_not_compared(stores: Stores) -> None:
    tenant, _ = await filled(stores)
    assert not await stores.vectors.nearest(tenant, vector(1, 0), model="other", where=ALL, limit=10)


async def test_words_are_scored_by_bm25_over_all_chunks(stores: Stores) -> None:
    tenant, _ = await filled(stores)
    documents = {one.path: document_terms(one) for content in contents() for one in content.chunks}
    average = sum(sum(known.values()) for known in documents.values()) / 3
    found = await stores.vectors.matching(tenant, {"cart": 2.0}, where=ALL, limit=10)
    expected = {
        path: 2.0 * idf(3, 2) * weight(known["cart"], sum(known.values()), average) for path, known in documents.items() if "cart" in known
    }
    assert {one.chunk.path: one.score for one in found} == pytest.approx(expected, rel=1e-4)


async def test_statistics_follow_what_is_removed(stores: Stores) -> None:
    tenant, shop = await filled(stores)
    clean, other = await filled(stores, "clean")
    await stores.write(tenant, shop, change([], ["src/beta.py"]))
    await stores.write(clean, other, change([], ["src/beta.py"]))
    found = await stores.vectors.matching(tenant, {"cart": 1.0}, where=ALL, limit=10)
    known = document_terms(contents()[0].chunks[0])
    lengths = [sum(document_terms(content.chunks[0]).values()) for content in (contents()[0], contents()[2])]
    assert [one.score for one in found] == pytest.approx([idf(2, 1) * weight(known["cart"], lengths[0], sum(lengths) / 2)], rel=1e-4)


@pytest.mark.parametrize(
    ("where", "paths"),
    [
        (SearchFilter(languages=("python",)), {"src/alpha.py", "src/beta.py"}),
        (SearchFilter(languages=("go",)), set()),
        (SearchFilter(kinds=("Class",)), set()),
        (SearchFilter(path="src/a*.py"), {"src/alpha.py"}),
        (SearchFilter(path="beta"), {"src/beta.py"}),
        (SearchFilter(path="**/*.py"), {"src/alpha.py", "src/beta.py"}),
    ],
)
async def test_a_filter_admits_only_what_it_says(stores: Stores, where: SearchFilter, paths: set[str]) -> None:
    tenant, _ = await filled(stores)
    by_words = await stores.vectors.matching(tenant, {"cart": 1.0}, where=where, limit=1)
    by_meaning = await stores.vectors.nearest(tenant, vector(1, 1), model=MODEL, where=where, limit=2)
    assert {one.chunk.path for one in by_words} <= paths
    assert {one.chunk.path for one in by_meaning} == paths
    assert bool(by_words) == bool(paths)


@pytest.mark.parametrize(
    ("name", "score"), [("src/alpha.alpha", 3.0), ("alpha", 2.0), ("ALPHA", 1.5), ("alpha.py", 1.0), ("src/beta.py", 1.0)]
)
async def test_names_are_scored_by_how_well_they_fit(stores: Stores, name: str, score: float) -> None:
    tenant, _ = await filled(stores)
    found = await stores.vectors.named(tenant, [name], where=ALL, limit=5)
    assert [one.score for one in found] == [score]


async def test_files_are_found_by_their_names(stores: Stores) -> None:
    tenant, shop = await filled(stores)
    deep = chunk("lib/Alpha.py", "alpha", "def alpha():\n    return 1")
    await stores.write(tenant, shop, change([Content(deep.path, chunks=(deep,))]))
    found = await stores.vectors.files_called(tenant, ["alpha.py", "ALPHA", "src/beta.py", "x%"], where=ALL, limit=10)
    assert found == [(shop.id, "lib/Alpha.py"), (shop.id, "src/alpha.py")]
    assert await stores.vectors.files_called(tenant, ["alpha.py"], where=ALL, limit=1) == found[:1]


async def test_the_languages_of_repositories_are_told(stores: Stores) -> None:
    tenant, shop = await filled(stores)
    other = replace(chunk("lib/main.go", "main", "func main() {}"), language="go")
    await stores.write(tenant, shop, change([Content(other.path, chunks=(other,))]))
    assert await stores.vectors.languages(tenant, where=ALL) == ["go", "python"]
    assert await stores.vectors.languages(await stores.tenant(), where=ALL) == []


async def test_chunks_tell_how_much_of_the_asked_words_they_hold(stores: Stores) -> None:
    tenant, _ = await filled(stores)
    found = await stores.vectors.matching(tenant, {"cart": 1.0, "lookup": 2.0, "nowhere": 1.0}, where=ALL, limit=10)
    weights = {"cart": idf(3, 2), "lookup": 2 * idf(3, 1), "nowhere": idf(3, 0)}
    shares = {term: weight / sum(weights.values()) for term, weight in weights.items()}
    expected = {"src/alpha.py": shares["cart"], "src/beta.py": shares["cart"], "src/gamma.py": shares["lookup"]}
    assert {one.chunk.path: one.coverage for one in found} == pytest.approx(expected, rel=1e-4)


async def test_whole_files_are_scored_by_bm25_over_all_files(stores: Stores) -> None:
    tenant, shop = await filled(stores)
    longer = [chunk("src/alpha.py", "alpha", TEXTS["alpha"]), chunk("src/alpha.py", "omega", "def omega(cart, order):\n    pass", 9)]
    content = Content("src/alpha.py", chunks=tuple(longer), vectors={one.content_hash: vector(1, 0) for one in longer})
    await stores.vectors.matching(tenant, {"cart": 1.0}, where=ALL, limit=10, whole_files=True)
    await stores.write(tenant, shop, change([content]))
    files = {one.path: [document_terms(each) for each in one.chunks] for one in [content, *contents()[1:]]}
    lengths = {path: sum(sum(terms.values()) for terms in parts) for path, parts in files.items()}
    counts = {path: sum(terms.get("cart", 0.0) for terms in parts) for path, parts in files.items()}
    found = await stores.vectors.matching(tenant, {"cart": 2.0}, where=ALL, limit=10, whole_files=True)
    expected = {path: 2.0 * idf(3, 2) * weight(count, lengths[path], sum(lengths.values()) / 3) for path, count in counts.items() if count}
    assert {one.chunk.path: one.file_score for one in found} == pytest.approx(expected, rel=1e-4)
    assert len(found) == len(longer) + 1


async def test_files_of_several_repositories_are_scored_together(stores: Stores) -> None:
    tenant, _ = await filled(stores)
    (alone, *_) = await stores.vectors.matching(tenant, {"lookup": 1.0}, where=ALL, limit=10, whole_files=True)
    await stores.write(tenant, await stores.repository(tenant, "copy"), change(contents()))
    found = await stores.vectors.matching(tenant, {"lookup": 1.0}, where=ALL, limit=10, whole_files=True)
    shares = [one.file_score / idf(6, 2) for one in found]
    assert shares == pytest.approx([alone.file_score / idf(3, 1)] * 2, rel=1e-4)


async def test_no_files_are_scored_unless_that_is_asked_for(stores: Stores) -> None:
    tenant, _ = await filled(stores)
    assert {one.file_score for one in await stores.vectors.matching(tenant, {"cart": 1.0}, where=ALL, limit=10)} == {0.0}


@pytest.mark.parametrize("name", ["alpa", "allpha", "ALPHAS", "shop.alphaa", "al_pha"])
async def test_a_name_is_found_by_how_it_is_spelt(stores: Stores, name: str) -> None:
    tenant, _ = await filled(stores)
    found = await stores.vectors.alike(tenant, name, where=ALL, limit=5)
    asked, known = name_trigrams(name), name_trigrams("src/alpha.alpha")
    expected = likeness(len(asked), len(known), len(asked & known))
    assert {one.chunk.path: one.score for one in found} == pytest.approx({"src/alpha.py": expected}, rel=1e-4)


async def test_spelling_keeps_to_the_filter_and_to_what_is_stored(stores: Stores) -> None:
    tenant, shop = await filled(stores)
    assert not await stores.vectors.alike(tenant, "alpa", where=SearchFilter(path="beta"), limit=5)
    assert not await stores.vectors.alike(tenant, "omega", where=ALL, limit=5)
    await stores.write(tenant, shop, change([], ["src/alpha.py"]))
    assert not await stores.vectors.alike(tenant, "alpa", where=ALL, limit=5)


async def test_a_repository_filter_leaves_the_others_out(stores: Stores) -> None:
    tenant, _ = await filled(stores)
    other = await stores.repository(tenant, "other")
    where = SearchFilter(repositories=(other.id,))
    assert not await stores.vectors.nearest(tenant, vector(1, 0), model=MODEL, where=where, limit=5)
    assert not await stores.vectors.matching(tenant, {"cart": 1.0}, where=where, limit=5)
    assert not await stores.vectors.named(tenant, ["alpha"], where=where, limit=5)
    assert not await stores.vectors.files_called(tenant, ["alpha.py"], where=where, limit=5)


async def test_a_tenant_finds_nothing_of_another_one(stores: Stores) -> None:
    await filled(stores)
    stranger = await stores.tenant()
    await stores.repository(stranger)
    assert not await stores.vectors.nearest(stranger, vector(1, 0), model=MODEL, where=ALL, limit=5)
    assert not await stores.vectors.matching(stranger, {"cart": 1.0}, where=ALL, limit=5)
    assert not await stores.vectors.named(stranger, ["alpha"], where=ALL, limit=5)
    assert not await stores.vectors.alike(stranger, "alpa", where=ALL, limit=5)
    assert not await stores.vectors.files_called(stranger, ["alpha.py"], where=ALL, limit=5)


async def test_odd_names_and_words_are_no_errors(stores: Stores) -> None:
    tenant, _ = await filled(stores)
    for odd in ("", "'; drop table chunks; --", "\0", "a" * 9_000, "日本", "[", ".*"):
        assert not await stores.vectors.named(tenant, [odd], where=ALL, limit=5)
        assert not await stores.vectors.matching(tenant, {odd: 1.0}, where=ALL, limit=5)
        assert not await stores.vectors.alike(tenant, odd, where=ALL, limit=5)
        assert not await stores.vectors.files_called(tenant, [odd], where=ALL, limit=5)


async def test_many_chunks_are_compared_beside_the_event_loop_with_the_same_answers(database: Database) -> None:
    stores = in_postgres(database)
    tenant, _ = await filled(stores)
    beside = PostgresVectorStore(database, many=0)
    for store in (beside, stores.vectors):
        near = await store.nearest(tenant, vector(1, 0), model=MODEL, where=ALL, limit=10)
        worded = await store.matching(tenant, {"cart": 1.0}, where=ALL, limit=10)
        assert [len(near), len(worded), len(await store.alike(tenant, "alpa", where=ALL, limit=10))] == [3, 2, 1]
