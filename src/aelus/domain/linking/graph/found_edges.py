"""The edges of one file while they are found: each once, by its best evidence."""

from __future__ import annotations

from functools import partial
from typing import Final

from aelus.domain.graph import CONFIDENCE, Edge, EdgeKind, NodeId, Origin

EVIDENCE: Final = {origin: (confidence, origin) for origin, confidence in CONFIDENCE.items()}
SURE_CANDIDATES: Final = 2
"""Inferred callees of one call up to which each has the full confidence; among more it is shared."""


class FoundEdges:
    """Gathers them."""

    def __init__(self) -> None:
        self.candidates = 1
        """Callees of the call that edges are found of."""
        self._found: dict[tuple[EdgeKind, NodeId, NodeId, int], tuple[float, Origin]] = {}

    def put(self, kind: EdgeKind, src: NodeId, dst: NodeId, line: int, origin: Origin) -> None:
        """Note an edge of a line."""
        key = (kind, src, dst, line)
        evidence = EVIDENCE[origin]
        if self.candidates > SURE_CANDIDATES and origin is Origin.INFERRED:
            evidence = (round(evidence[0] * SURE_CANDIDATES / self.candidates, 4), origin)
        known = self._found.get(key)
        if known is None or known[0] < evidence[0]:
            self._found[key] = evidence

    def taken(self, path: str) -> tuple[Edge, ...]:
        """What was found, as edges of a file; the next file begins with none.

        There are hundreds of thousands: they are made without a call of Python code for each.
        """
        found, self._found = self._found, {}
        rows = [(kind, src, dst, path, line, origin, confidence) for (kind, src, dst, line), (confidence, origin) in found.items()]
        return tuple(map(partial(tuple.__new__, Edge), rows))
