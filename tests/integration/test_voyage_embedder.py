import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from traceback import format_exception

import pytest

from aelus.adapters.memory import MemoryPacer
from aelus.adapters.voyage import VoyageEmbedder
from aelus.adapters.voyage.embedder import VoyageLimits
from aelus.adapters.voyage.vectors import OutputType
from aelus.domain.tokens import estimated_tokens
from aelus.ports.errors import Misconfigured, RateLimited, Unavailable
from voyage_server import KEY, VoyageServer, dropping, embedding_of, failing, saying, sleeping

QUICK = VoyageLimits(requests_per_minute=1_000_000, tokens_per_minute=10**12, first_wait_s=0.01, attempts=3, timeout_s=5)


@pytest.fixture
async def server() -> AsyncIterator[VoyageServer]:
    async with VoyageServer() as opened:
        yield opened


@asynccontextmanager
async def embedding_by(
    server: VoyageServer, limits: VoyageLimits = QUICK, key: str = KEY, output_type: OutputType = "float"
) -> AsyncIterator[VoyageEmbedder]:
    embedder = VoyageEmbedder(key, pacer=MemoryPacer(), dimensions=8, output_type=output_type, base_url=server.url, limits=limits)
    async with aclosing(embedder):
        yield embedder


async def test_documents_and_queries_are_asked_for_as_such(server: VoyageServer) -> None:
    async with embedding_by(server) as embedder:
        await embedder.embed_documents(["a"])
        await embedder.embed_query("b")
    assert [request["input_type"] for request in server.requests] == ["document", "query"]


async def test_texts_are_never_cut_by_the_service(server: VoyageServer) -> None:
    async with embedding_by(server) as embedder:
        await embedder.embed_documents(["a"])
    assert server.requests[0]["truncation"] is False
    assert server.requests[0]["model"] == "voyage-code-3"


async def test_a_call_has_at_most_96_texts(server: VoyageServer) -> None:
    async with embedding_by(server) as embedder:
        vectors = await embedder.embed_documents([f"text {n}" for n in range(200)])
    assert sorted(len(request["input"]) for request in server.requests) == [8, 96, 96]
    assert len(vectors) == 200


async def test_a_call_stays_within_the_tokens_of_the_model(server: VoyageServer) -> None:
    async with embedding_by(server) as embedder:
        await embedder.embed_documents(["x" * 60_000] * 20)
    totals = [sum(map(estimated_tokens, request["input"])) for request in server.requests]
    assert max(totals) <= 120_000


async def test_a_text_longer_than_the_context_is_cut(server: VoyageServer) -> None:
    async with embedding_by(server) as embedder:
        await embedder.embed_documents(["ä" * 200_000])
    assert estimated_tokens(server.requests[0]["input"][0]) <= 32_000


async def test_a_blank_text_has_a_vector_too(server: VoyageServer) -> None:
    async with embedding_by(server) as embedder:
        assert len(await embedder.embed_documents(["", " \n"])) == 2
    assert server.requests[0]["input"] == [".", "."]


async def test_a_batch_with_more_tokens_than_estimated_is_split(server: VoyageServer) -> None:
    server.max_texts = 3
    async with embedding_by(server) as embedder:
        assert len(await embedder.embed_documents([f"text {n}" for n in range(10)])) == 10


async def test_a_text_with_more_tokens_than_estimated_is_halved(server: VoyageServer) -> None:
    server.max_bytes = 1_500
    async with embedding_by(server) as embedder:
        await embedder.embed_documents(["@" * 4_000])
    assert len(server.requests[-1]["input"][0]) == 1_000


async def test_a_connection_is_used_again(server: VoyageServer) -> None:
    async with embedding_by(server) as embedder:
        for _ in range(5):
            await embedder.embed_query("again")
    assert server.connections == 1


async def test_a_closed_embedder_opens_a_new_connection(server: VoyageServer) -> None:
    async with embedding_by(server) as embedder:
        await embedder.embed_query("first")
        await embedder.aclose()
        await embedder.embed_query("second")
    assert server.connections == 2


@pytest.mark.parametrize("trouble", [failing(429), failing(500), failing(502), failing(503), dropping, saying(b"{nonsense")])
async def test_a_passing_trouble_is_survived(server: VoyageServer, trouble: object) -> None:
    server.planned += [trouble, trouble]  # type: ignore[list-item]  # parametrised values are objects to mypy
    async with embedding_by(server) as embedder:
        assert len(await embedder.embed_query("patience")) == 8
    assert len(server.requests) == 3


async def test_retry_after_is_honoured(server: VoyageServer) -> None:
    server.planned.append(failing(429, retry_after="1"))
    async with embedding_by(server) as embedder:
        started = datetime.now(UTC)
        await embedder.embed_query("later")
    assert datetime.now(UTC) - started >= timedelta(seconds=1)


async def test_a_long_retry_after_goes_to_the_caller(server: VoyageServer) -> None:
    server.planned.append(failing(429, retry_after=format_datetime(datetime.now(UTC) + timedelta(hours=1))))
    async with embedding_by(server) as embedder:
        with pytest.raises(RateLimited) as caught:
            await embedder.embed_query("much later")
    assert 3_500 < caught.value.retry_after_s <= 3_600


async def test_a_lasting_rate_limit_is_told(server: VoyageServer) -> None:
    server.planned += [failing(429)] * 3
    async with embedding_by(server) as embedder:
        with pytest.raises(RateLimited, match="rate limit"):
            await embedder.embed_query("never")


async def test_a_slow_service_is_unavailable(server: VoyageServer) -> None:
    server.planned += [sleeping] * 3
    async with embedding_by(server, replace(QUICK, timeout_s=0.05)) as embedder:
        with pytest.raises(Unavailable, match="in time"):
            await embedder.embed_query("slow")


async def test_a_service_that_is_not_there_is_unavailable() -> None:
    async with VoyageServer() as gone:
        embedder = VoyageEmbedder(KEY, pacer=MemoryPacer(), dimensions=8, base_url=gone.url, limits=QUICK)
    async with aclosing(embedder):
        with pytest.raises(Unavailable, match="cannot be reached"):
            await embedder.embed_query("anybody")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"data": 7}',
        b'{"data": []}',
        b'{"data": [{"embedding": "!!!"}]}',
        b'{"data": [{"embedding": [NaN]}]}',
        b"\xff\xfe",
    ],
)
async def test_an_answer_that_cannot_be_read_is_unavailable(server: VoyageServer, body: bytes) -> None:
    server.planned += [saying(body)] * 3
    async with embedding_by(server) as embedder:
        with pytest.raises(Unavailable):
            await embedder.embed_query("what")


async def test_a_wrong_key_is_told_and_never_shown(server: VoyageServer) -> None:
    async with embedding_by(server, key="pa-wrong-secret") as embedder:
        with pytest.raises(Misconfigured, match="refuses the API key") as caught:
            await embedder.embed_documents(["a", "b"])
    assert "pa-wrong-secret" not in "".join(format_exception(caught.value))
    assert len(server.requests) == 1


async def test_a_key_that_the_service_repeats_is_not_shown(server: VoyageServer) -> None:
    server.planned.append(failing(400, f"model x is not for {KEY}"))
    async with embedding_by(server) as embedder:
        with pytest.raises(Misconfigured, match="model x is not for") as caught:
            await embedder.embed_query("who")
    assert KEY not in str(caught.value)


async def test_calls_keep_to_the_rate(server: VoyageServer) -> None:
    async with embedding_by(server, replace(QUICK, requests_per_minute=600)) as embedder:
        started = datetime.now(UTC)
        for _ in range(4):
            await embedder.embed_documents(["steady"])
    assert datetime.now(UTC) - started >= timedelta(seconds=0.3)


def test_without_a_key_there_is_no_embedder() -> None:
    with pytest.raises(Misconfigured, match="VOYAGE_API_KEY"):
        VoyageEmbedder("", pacer=MemoryPacer())


async def test_a_question_does_not_wait_for_documents(server: VoyageServer) -> None:
    async with embedding_by(server, replace(QUICK, requests_per_minute=30)) as embedder:
        await embedder.embed_documents(["first"])
        indexing = asyncio.create_task(embedder.embed_documents(["second"]))
        await asyncio.wait_for(embedder.embed_query("now"), 1)
        indexing.cancel()
    assert [request["input_type"] for request in server.requests] == ["document", "query"]


@pytest.mark.parametrize("output_type", ["float", "int8", "uint8"])
async def test_vectors_of_every_byte_type_point_the_same_way(server: VoyageServer, output_type: OutputType) -> None:
    async with embedding_by(server, output_type=output_type) as embedder:
        vector = await embedder.embed_query("direction")
    assert list(vector) == pytest.approx([value / 2 for value in embedding_of("direction", 8)], abs=0.02)
    assert server.requests[0]["output_dtype"] == output_type


@pytest.mark.parametrize("output_type", ["binary", "ubinary"])
async def test_bits_become_signs(server: VoyageServer, output_type: OutputType) -> None:
    async with embedding_by(server, output_type=output_type) as embedder:
        vector = await embedder.embed_query("direction")
    assert [value > 0 for value in vector] == [value > 0 for value in embedding_of("direction", 8)]
    assert sum(value * value for value in vector) == pytest.approx(1)


def test_other_dimensions_and_types_are_other_models() -> None:
    made = [
        VoyageEmbedder(KEY, pacer=MemoryPacer(), dimensions=dimensions, output_type=output_type).model
        for dimensions in (256, 512)
        for output_type in ("float", "int8")
    ]
    assert len(set(made)) == 4
