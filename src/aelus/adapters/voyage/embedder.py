"""Embeds with a model of Voyage AI."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from aelus.adapters.voyage.batches import Measured, batches, fitting
from aelus.adapters.voyage.vectors import OutputType, unit_vectors
from aelus.domain.search import Vector
from aelus.ports.errors import LimitExceeded, Misconfigured, RateLimited, Unavailable
from aelus.ports.pacer import Pacer

if TYPE_CHECKING:
    import aiohttp

MAX_TEXTS: Final = 96
QUERY_SHARE: Final = 0.1
"""Of the allowed rate, kept for questions: somebody waits for them, however much is being indexed."""
_MINUTE_S: Final = 60.0
_HALF: Final = 2
_SMALLEST_CUT: Final = 256
"""Characters; a text so short that is still too long for the service is a refusal of something else."""

InputType = Literal["document", "query"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoyageLimits:
    """What is asked of the service at most. The defaults are those of `voyage-code-3` at the first usage tier."""

    tokens_per_call: int = 120_000
    tokens_per_text: int = 32_000
    requests_per_minute: int = 2_000
    tokens_per_minute: int = 3_000_000
    parallel_calls: int = 4
    timeout_s: float = 60.0
    attempts: int = 6
    first_wait_s: float = 0.5
    """Before the second attempt, doubling from there; each wait is drawn between its half and its whole."""
    longest_wait_s: float = 60.0
    """A longer wait is not waited for: it goes to the caller as `RateLimited`."""


class VoyageEmbedder:
    """Satisfies `ports.embedder.Embedder`. Keeps its connections: close it with `aclose`.

    Args:
        api_key: never shown in an error.
        pacer: shared by all that use the key.
        output_type: what the service sends; smaller ones are less exact.
        base_url: of another server that speaks the same protocol; the vendor's when empty.

    Raises:
        Misconfigured: no key, or the extra `aelus[voyage]` is not installed.
    """

    def __init__(
        self,
        api_key: str,
        *,
        pacer: Pacer,
        model: str = "voyage-code-3",
        dimensions: int = 1024,
        output_type: OutputType = "float",
        base_url: str = "",
        limits: VoyageLimits | None = None,
    ) -> None:
        if not api_key:
            raise Misconfigured("Voyage needs an API key.", "Set VOYAGE_API_KEY, or embed offline.")
        try:
            import voyageai
            from voyageai.client_async import AsyncClient
        except ImportError as error:
            raise Misconfigured("The Voyage client is not installed.", "Install aelus[voyage].") from error
        self._limits = limits or VoyageLimits()
        self._client = AsyncClient(api_key=api_key, max_retries=0, timeout=self._limits.timeout_s, base_url=base_url or None)
        self._session_of_call = voyageai.aiosession
        self._key = api_key
        self._model = model
        self._dimensions = dimensions
        self._session: aiohttp.ClientSession | None = None
        self._calls = asyncio.Semaphore(self._limits.parallel_calls)
        self._output_type = output_type
        self._pacer = pacer

    @property
    def model(self) -> str:
        """With all that decides what a vector is: those of other dimensions or another output type are another model's."""
        return f"{self._model}/{self._dimensions}/{self._output_type}"

    @property
    def dimensions(self) -> int:
        return self._dimensions

    @property
    def remote(self) -> bool:
        return True

    def knows(self, text: str) -> bool:
        """The service does not say; a text with a letter or a digit has words."""
        return any(map(str.isalnum, text))

    async def embed_documents(self, texts: Sequence[str]) -> list[Vector]:
        cut = [fitting(text, self._limits.tokens_per_text) for text in texts]
        calls = list(batches(cut, max_texts=MAX_TEXTS, max_tokens=self._limits.tokens_per_call))
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._embed(call, "document")) for call in calls]
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None
        return [vector for task in tasks for vector in task.result()]

    async def embed_query(self, text: str) -> Vector:
        return (await self._embed([fitting(text, self._limits.tokens_per_text)], "query"))[0]

    async def aclose(self) -> None:
        """Close the connections; a later call opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _embed(self, texts: list[Measured], input_type: InputType) -> list[Vector]:
        """One call; two halves where the service counts more tokens than we did."""
        try:
            return await self._retried(texts, input_type)
        except LimitExceeded as error:
            if len(texts) > 1:
                middle = len(texts) // _HALF
                return [*await self._embed(texts[:middle], input_type), *await self._embed(texts[middle:], input_type)]
            text, tokens = texts[0]
            if len(text) < _SMALLEST_CUT:
                raise Misconfigured(error.message, "Check the embedding model.") from None
            return await self._embed([Measured(text[: len(text) // _HALF], tokens)], input_type)

    async def _retried(self, texts: list[Measured], input_type: InputType) -> list[Vector]:
        wait_s = self._limits.first_wait_s
        for left in reversed(range(self._limits.attempts)):
            try:
                return await self._called(texts, input_type)
            except Unavailable as error:
                asked_s = error.retry_after_s if isinstance(error, RateLimited) else 0.0
                if not left or asked_s > self._limits.longest_wait_s:
                    raise
                await self._wait(wait_s, asked_s, input_type)
                wait_s = min(wait_s * 2, self._limits.longest_wait_s)
        raise Unavailable(f"No attempt was made for {self._model}.", "Allow at least one attempt.")

    async def _wait(self, wait_s: float, asked_s: float, input_type: InputType) -> None:
        if asked_s:
            await self._pacer.hold(self._lane(input_type), asked_s)
        await asyncio.sleep(max(asked_s, wait_s * random.uniform(0.5, 1)))  # noqa: S311 -- spreads retries, keeps no secret

    async def _called(self, texts: list[Measured], input_type: InputType) -> list[Vector]:
        """Documents wait for a free call; a question goes at once."""
        if input_type == "query":
            return await self._paced(texts, input_type)
        async with self._calls:
            return await self._paced(texts, input_type)

    async def _paced(self, texts: list[Measured], input_type: InputType) -> list[Vector]:
        from aelus.adapters.voyage.failures import translated

        await asyncio.sleep(await self._pacer.reserve(self._lane(input_type), self._span_s(texts, input_type)))
        self._session_of_call.set(self._open_session())
        with translated(self._model, self._key):
            answer = await self._client.embed(
                [text for text, _ in texts],
                model=self._model,
                input_type=input_type,
                truncation=False,
                output_dimension=self._dimensions,
                output_dtype=self._output_type,
            )
            return unit_vectors(answer.embeddings, count=len(texts), dimensions=self._dimensions, output_type=self._output_type)

    def _lane(self, input_type: InputType) -> str:
        return f"voyage:{self._model}:{input_type}"

    def _span_s(self, texts: Sequence[Measured], input_type: InputType) -> float:
        """How much of the minute such a call takes."""
        share = QUERY_SHARE if input_type == "query" else 1 - QUERY_SHARE
        requests_s = _MINUTE_S / self._limits.requests_per_minute
        tokens_s = sum(tokens for _, tokens in texts) * _MINUTE_S / self._limits.tokens_per_minute
        return max(requests_s, tokens_s) / share

    def _open_session(self) -> aiohttp.ClientSession:
        """The client takes a session from its context variable; without one it opens a connection for every call."""
        import aiohttp

        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=2 * self._limits.parallel_calls))
        return self._session
