from __future__ import annotations

import httpx2
import pytest

from aelus.adapters.offline import OfflineAffinity, OfflineEmbedder
from aelus.application.rerank_texts import RerankTexts
from aelus.ports.errors import InvalidRequest

TEXTS = (
    "def close(self): self.socket.shutdown()",
    "def retry(call, attempts): wait with exponential backoff and call again",
    "The colours of the logo.",
    "",
)


async def test_the_text_that_answers_comes_first() -> None:
    rerank = RerankTexts(embedder=OfflineEmbedder(), affinity=OfflineAffinity())
    ranked = await rerank("retry with backoff", TEXTS)
    assert ranked[0].index == 1
    assert sorted(one.index for one in ranked) == [0, 1, 2, 3]
    assert all(0 <= one.score <= 1 for one in ranked)
    assert await rerank("retry with backoff", TEXTS, limit=2) == ranked[:2]
    assert await rerank("retry", []) == ()


@pytest.mark.parametrize(("query", "texts"), [(" ", ["a"]), ("a", ["x"] * 501), ("a", ["x", "é" * 20_000]), ("a", ["x" * 2001] * 500)])
async def test_what_is_beyond_the_bounds_is_refused(query: str, texts: list[str]) -> None:
    with pytest.raises(InvalidRequest):
        await RerankTexts(embedder=OfflineEmbedder(), affinity=OfflineAffinity())(query, texts)


async def test_texts_are_ranked_over_http(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/api/v1/rerank", json={"query": "retry with backoff", "texts": list(TEXTS), "top_k": 1})
    assert [one["index"] for one in answer.json()["results"]] == [1]
    assert (await client.post("/api/v1/rerank", json={"query": "a", "texts": ["x" * 40_000]})).status_code == 422
