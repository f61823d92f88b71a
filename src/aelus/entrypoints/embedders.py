"""The embedders of one process."""

from __future__ import annotations

from collections.abc import Callable

from aelus.ports.embedder import Embedder


class KnownEmbedders:
    """`earlier` makes the embedder of another model, or says that there is none; each is made once.

    Satisfies `ports.embedders.Embedders`.
    """

    def __init__(self, current: Embedder, earlier: Callable[[str], Embedder | None] = lambda _: None) -> None:
        self._current = current
        self._earlier = earlier
        self._made: dict[str, Embedder | None] = {}

    @property
    def current(self) -> Embedder:
        return self._current

    def of(self, model: str) -> Embedder | None:
        if model == self._current.model:
            return self._current
        if model not in self._made:
            self._made[model] = self._earlier(model)
        return self._made[model]
