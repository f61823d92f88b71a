"""Text to vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from aelus.domain.search import Vector


class Embedder(Protocol):
    @property
    def model(self) -> str:
        """Names the model and its version: vectors of different models are never compared."""
        ...

    @property
    def dimensions(self) -> int: ...

    @property
    def remote(self) -> bool:
        """Whether a service makes the vectors: they cost time and money, and are kept as they come, whatever becomes of the run."""
        ...

    def knows(self, text: str) -> bool:
        """Whether the text has a word that the model knows. The vector of one that has none points anywhere."""
        ...

    async def embed_documents(self, texts: Sequence[str]) -> Sequence[Vector]:
        """Embed passages, in order. Batches and limits are the adapter's affair.

        Raises:
            Unavailable: the service did not answer after all retries.
            Misconfigured: the service refuses the credentials or the model.
        """
        ...

    async def embed_query(self, text: str) -> Vector:
        """Embed a question. Raises as `embed_documents`."""
        ...
