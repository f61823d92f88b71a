"""The table of word vectors as it lies in the package, and how texts become rows of it."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aelus.adapters.offline.splitting import MAX_WORD, is_opposite, parts, pieces

Floats = NDArray[np.float32]

DATA_FILE: Final = "words.npz"
LEAST_WORD: Final = 3
_IDENTIFIER: Final = re.compile(r"\w+")
_ASCII_GAPS: Final = bytes(code if chr(code).isascii() and (chr(code).isalnum() or chr(code) == "_") else ord(" ") for code in range(256))
"""Of ASCII text, which most code is, this finds what the expression finds in less than half the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordTable:
    """Word vectors, quantised by row.

    The last `buckets` rows belong to no word: unknown parts share them by hash.
    """

    model: str
    ids: dict[str, int]
    costs: dict[str, float]
    rows: NDArray[np.int8]
    """Shape: (words + buckets, dimensions)."""
    document_weights: Floats
    """Shape: (words + buckets,): what a word counts in a passage, times the scale of its row."""
    query_weights: Floats
    """The same in a question."""
    buckets: int

    @property
    def dimensions(self) -> int:
        return int(self.rows.shape[1])

    def knows(self, text: str) -> bool:
        """Whether a part of an identifier is a word of the table, or is joined from such. Shorter ones than `LEAST_WORD` are no evidence:
        any letters can be joined from them, and so can `asdkjh`.
        """
        return any(self._is_known(part) for identifier in _identifiers(text) for part in parts(identifier))

    def _is_known(self, part: str) -> bool:
        if part in self.ids:
            return len(part) >= LEAST_WORD
        joined = pieces(part, self.costs)
        return bool(joined) and "".join(joined) == part and min(map(len, joined)) >= LEAST_WORD

    def row_ids(self, identifier: str, *, opposites: bool = False) -> tuple[int, ...]:
        """The rows of its words. If `opposites` are told, the number of rows is added for the word that `dehydrate` is the opposite of."""
        return tuple(chain.from_iterable([self._part_ids(part, opposites) for part in parts(identifier)]))

    def _part_ids(self, part: str, opposites: bool) -> list[int]:  # noqa: FBT001 -- within
        if part in self.ids:
            return [self.ids[part]]
        joined = pieces(part, self.costs)
        if opposites and is_opposite(part, joined):
            return [self.ids[joined[0]], self.ids[joined[1]] + len(self.rows)]
        known = [self.ids[piece] for piece in joined]
        return known or [len(self.rows) - 1 - zlib.crc32(part.encode("utf-8", "surrogatepass")) % self.buckets]


class RowCounter:
    """Texts to counts of table rows, remembering identifiers that were seen before.

    `capacity` bounds the memory: when so many identifiers are remembered, all are forgotten. `opposites` as in `WordTable.row_ids`.
    """

    def __init__(self, table: WordTable, capacity: int, *, opposites: bool = False) -> None:
        self._table = table
        self._opposites = opposites
        self._capacity = capacity
        self._known: dict[str, tuple[int, ...]] = {}

    def count(self, text: str) -> Counter[int]:
        """Row → how often the text has it."""
        known = self._known
        identifiers = _identifiers(text)
        try:
            return Counter(chain.from_iterable([known[identifier] for identifier in identifiers]))
        except KeyError:
            return Counter(chain.from_iterable([self._ids(identifier) for identifier in identifiers]))

    def rows(self, text: str) -> set[int]:
        """The rows that the text has, however often."""
        known = self._known
        identifiers = _identifiers(text)
        try:
            return set().union(*[known[identifier] for identifier in set(identifiers)])
        except KeyError:
            return set().union(*[self._ids(identifier) for identifier in set(identifiers)])

    def _ids(self, identifier: str) -> tuple[int, ...]:
        found = self._known.get(identifier)
        if found is None:
            found = self._table.row_ids(identifier, opposites=self._opposites)
            self._remember(identifier, found)
        return found

    def _remember(self, identifier: str, ids: tuple[int, ...]) -> None:
        if len(self._known) >= self._capacity:
            self._known.clear()
        if len(identifier) <= MAX_WORD * 4:
            self._known[identifier] = ids


def _identifiers(text: str) -> list[str]:
    return text.encode("ascii").translate(_ASCII_GAPS).decode("ascii").split() if text.isascii() else _IDENTIFIER.findall(text)


@cache
def load_table() -> WordTable:
    """Read the table from the package; about 10 MB, kept for the life of the process."""
    with (files(__package__) / DATA_FILE).open("rb") as opened, np.load(opened) as data:
        words = data["words"].tobytes().decode().split("\n")
        scales = data["scales"].astype(np.float32)
        return WordTable(
            model=str(data["model"]),
            ids={word: row for row, word in enumerate(words)},
            costs=dict(zip(words, data["costs"].astype(float).tolist(), strict=True)),
            rows=data["rows"],
            document_weights=data["document_weights"].astype(np.float32) * scales,
            query_weights=data["query_weights"].astype(np.float32) * scales,
            buckets=int(data["buckets"]),
        )
