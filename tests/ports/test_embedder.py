"""What every embedder promises."""

import math
from array import array
from collections.abc import AsyncIterator

import pytest

from aelus.adapters.memory import HashEmbedder, MemoryPacer
from aelus.adapters.offline import OfflineEmbedder
from aelus.adapters.voyage import VoyageEmbedder
from aelus.ports.embedder import Embedder
from voyage_server import KEY, VoyageServer

TEXTS = [
    "def parse_url(text): return split(text)",
    "",
    "42",
    "   ",
    "class HTTPServer {}",
    "日本語のコメント",
    "\ud800 lone",
    "x" * 5_000,
    "§§§",
]


async def memory() -> AsyncIterator[Embedder]:
    yield HashEmbedder()


async def offline() -> AsyncIterator[Embedder]:
    yield OfflineEmbedder()


async def voyage() -> AsyncIterator[Embedder]:
    async with VoyageServer() as server:
        embedder = VoyageEmbedder(KEY, pacer=MemoryPacer(), dimensions=64, base_url=server.url)
        yield embedder
        await embedder.aclose()


@pytest.fixture(params=[memory, offline, voyage], ids=lambda kind: kind.__name__)
async def embedder(request: pytest.FixtureRequest) -> AsyncIterator[Embedder]:
    async for made in request.param():
        yield made


async def test_there_is_a_vector_for_every_text_in_order(embedder: Embedder) -> None:
    together = await embedder.embed_documents(TEXTS)
    alone = [(await embedder.embed_documents([text]))[0] for text in TEXTS]
    assert list(together) == alone


async def test_nothing_to_embed_is_no_error(embedder: Embedder) -> None:
    assert list(await embedder.embed_documents([])) == []


async def test_vectors_have_the_announced_dimensions(embedder: Embedder) -> None:
    for vector in [*await embedder.embed_documents(TEXTS), await embedder.embed_query("where is it")]:
        assert isinstance(vector, array)
        assert vector.typecode == "f"
        assert len(vector) == embedder.dimensions


async def test_vectors_have_unit_length(embedder: Embedder) -> None:
    for vector in [*await embedder.embed_documents(TEXTS), *[await embedder.embed_query(text) for text in TEXTS]]:
        assert math.isclose(math.hypot(*vector), 1, abs_tol=1e-5)


async def test_equal_texts_have_equal_vectors(embedder: Embedder) -> None:
    first, other, second = await embedder.embed_documents(["int main(void);", "other", "int main(void);"])
    assert first == second
    assert first != other


async def test_many_texts_are_embedded_at_once(embedder: Embedder) -> None:
    assert len(await embedder.embed_documents([f"value_{number}" for number in range(500)])) == 500


async def test_a_passage_answers_for_its_own_words_best(embedder: Embedder) -> None:
    passages = await embedder.embed_documents(["open file", "close socket", "draw circle"])
    query = await embedder.embed_query("close socket")
    scores = [sum(left * right for left, right in zip(query, passage, strict=True)) for passage in passages]
    assert scores.index(max(scores)) == 1


@pytest.mark.parametrize("text", ["🎉🎉", ";;;;", ""])
def test_a_text_without_words_is_not_known(embedder: Embedder, text: str) -> None:
    assert not embedder.knows(text)
    assert embedder.knows(f"{text} close the socket")


@pytest.mark.parametrize("text", ["asdkjhasd qwpoeiu", "q", "日本語", "fghdjsk"])
def test_letters_that_are_no_words_are_not_known_offline(text: str) -> None:
    assert not OfflineEmbedder().knows(text)
    assert OfflineEmbedder().knows(f"{text} hostname")


def test_the_model_has_a_name(embedder: Embedder) -> None:
    assert embedder.model
