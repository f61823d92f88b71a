"""Every embedder that can be had: the one in use, and those that indexes were made with earlier."""

from __future__ import annotations

from typing import Protocol

from aelus.ports.embedder import Embedder


class Embedders(Protocol):
    @property
    def current(self) -> Embedder:
        """Makes the vectors of what is indexed now."""
        ...

    def of(self, model: str) -> Embedder | None:
        """The embedder of a model, for questions to indexes that were made with it; None where it cannot be had any more."""
        ...
