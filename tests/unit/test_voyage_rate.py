"""Voyage at its limit, in simulated time: batches full, the limit never exceeded."""

from __future__ import annotations

import asyncio
import selectors
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from aelus.adapters.memory import MemoryPacer
from aelus.adapters.voyage import VoyageEmbedder
from aelus.adapters.voyage.embedder import MAX_TEXTS, VoyageLimits
from aelus.application.index_stages import EmbeddingStage
from aelus.application.progress import Stopwatch, Tracker
from aelus.domain.chunks import Chunk
from index_builder import chunk
from stores import in_memory

MINUTE_S = 60.0
LATENCY_S = 0.02
FILES_AT_ONCE = 421
"""Chunks of one batch of files: no multiple of what one call takes."""


class JumpingSelector(selectors.DefaultSelector):
    """Where nothing has happened, the time of the next timer is now."""

    now_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0 if timeout is not None else None)
        if not ready and timeout:
            self.now_s += timeout
        return ready


class SimulatedLoop(asyncio.SelectorEventLoop):
    """An event loop whose time passes only while everybody waits for it."""

    def __init__(self) -> None:
        self._selecting = JumpingSelector()
        super().__init__(self._selecting)

    def time(self) -> float:
        return self._selecting.now_s


@dataclass
class SimulatedVoyage:
    """What the vendor's client does, without the network."""

    calls: list[tuple[float, int, int]] = field(default_factory=list)
    """Time, texts and characters of each call."""

    async def embed(self, texts: Sequence[str], *, output_dimension: int, **_: Any) -> SimpleNamespace:
        self.calls.append((asyncio.get_running_loop().time(), len(texts), sum(map(len, texts))))
        await asyncio.sleep(LATENCY_S)
        return SimpleNamespace(embeddings=[[1.0] * output_dimension] * len(texts))


def busiest(calls: Sequence[tuple[float, int, int]], seconds: float, *, characters: bool) -> int:
    """The most calls, or characters, that so many seconds anywhere have seen."""
    window, total, most = deque[tuple[float, int]](), 0, 0
    for at, _, length in calls:
        amount = length if characters else 1
        window.append((at, amount))
        total += amount
        while window[0][0] <= at - seconds:
            total -= window.popleft()[1]
        most = max(most, total)
    return most


def chunks(count: int, words: int) -> Iterator[Chunk]:
    for number in range(count):
        yield chunk("a.py", f"f{number}", f"{number} " + "word " * words)


async def embed_all(limits: VoyageLimits, wanted: Sequence[Chunk]) -> SimulatedVoyage:
    """Embed as a run of indexing does, a batch of files after the other."""
    service, stores = SimulatedVoyage(), in_memory()
    embedder = VoyageEmbedder("key", pacer=MemoryPacer(), dimensions=256, limits=limits)
    embedder._client = service  # type: ignore[assignment]
    tenant = await stores.tenant()
    async with stores.indexes.session(tenant, (await stores.repository(tenant)).id) as session:
        stage = EmbeddingStage(session=session, embedder=embedder, watch=Stopwatch(), tracker=Tracker())
        for start in range(0, len(wanted), FILES_AT_ONCE):
            await stage.embed(wanted[start : start + FILES_AT_ONCE])
        await stage.finish()
        assert len(stage.vectors) == len(wanted)
    await embedder.aclose()
    return service


def simulate(limits: VoyageLimits, wanted: Sequence[Chunk]) -> list[tuple[float, int, int]]:
    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        return runner.run(embed_all(limits, wanted)).calls


@pytest.mark.parametrize("limit", [120, 2_000])
def test_calls_are_full_and_keep_to_the_requests_of_a_minute(limit: int) -> None:
    calls = simulate(VoyageLimits(requests_per_minute=limit, tokens_per_minute=10**9), list(chunks(max(limit * 20, 120 * 110), 3)))
    texts = [texts for _, texts, _ in calls]
    assert sum(count < MAX_TEXTS for count in texts) <= 1
    assert busiest(calls, MINUTE_S, characters=False) <= limit
    assert busiest(calls, MINUTE_S / 6, characters=False) <= limit / 6 + 1
    assert calls[-1][0] >= MINUTE_S * len(calls) / limit * 0.9


def test_long_texts_keep_to_the_tokens_of_a_minute() -> None:
    limits = VoyageLimits(tokens_per_minute=300_000)
    calls = simulate(limits, list(chunks(3_000, 200)))
    assert busiest(calls, MINUTE_S, characters=True) / 5 <= limits.tokens_per_minute  # a word of four letters and its space is one token
    assert calls[-1][0] > MINUTE_S
