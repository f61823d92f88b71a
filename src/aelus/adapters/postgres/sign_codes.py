"""Sign codes of chunks, held in memory by repository and version: numpy compares bits in a tenth of the time that a scan takes.

A code has one bit for each dimension, 32 bytes for 256. A repository's codes are read again when its version is another one, so what is
compared is what the transaction sees; the least recently used go when there is no room.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

import numpy as np
from asyncpg import BitString
from numpy.typing import NDArray

from aelus.adapters.postgres.database import Connection
from aelus.adapters.postgres.queries import load
from aelus.domain.search import Vector

MAX_BYTES: Final = 256 * 1024 * 1024
"""Of all codes held, about seven million chunks."""
_WORD: Final = 8


class Codes(NamedTuple):
    """Of one repository."""

    version: int
    numbers: NDArray[np.int32]
    """Of the chunks. Shape: (chunks,)."""
    bits: NDArray[np.uint64]
    """Shape: (words, chunks): one word of all chunks after the other is compared in a sixth of the time."""

    @property
    def size_bytes(self) -> int:
        return self.numbers.nbytes + self.bits.nbytes


class Candidates(NamedTuple):
    """The chunks whose codes are nearest, nearest first."""

    repositories: list[Any]
    numbers: list[int]


def sign_code(vector: Vector) -> BitString:
    """The signs of a vector's components, as bits."""
    return BitString.frombytes(_packed(vector), bitlength=len(vector))


def _packed(vector: Vector) -> bytes:
    return np.packbits(np.frombuffer(vector, np.float32) > 0).tobytes()


def _words(codes: bytes, rows: int) -> NDArray[np.uint64]:
    """Codes of equal length as whole words, the last one filled up. Shape: (words, rows)."""
    width = len(codes) // rows
    filled = np.zeros((rows, -(-width // _WORD) * _WORD), np.uint8)
    filled[:, :width] = np.frombuffer(codes, np.uint8).reshape(rows, width)
    return np.ascontiguousarray(filled.view(np.uint64).T)


class SignCodes:
    """The codes that were asked for last."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._held: OrderedDict[tuple[UUID, Any], Codes] = OrderedDict()
        self.size_bytes = 0
        """Of what is held."""

    async def of(self, connection: Connection, tenant: UUID, repository: Any, version: int) -> Codes:
        """Codes of a repository at the version that the connection's transaction sees."""
        known = self._held.get((tenant, repository))
        if known is None or known.version != version:
            known = await _read(connection, tenant, repository, version)
        self._hold((tenant, repository), known)
        return known

    def _hold(self, key: tuple[UUID, Any], codes: Codes) -> None:
        """As the ones asked for last, in place of what was held when the reading ended: others read meanwhile."""
        before = self._held.pop(key, None)
        self._held[key] = codes
        self.size_bytes += codes.size_bytes - (before.size_bytes if before else 0)
        while self.size_bytes > self._max_bytes and len(self._held) > 1:
            self.size_bytes -= self._held.popitem(last=False)[1].size_bytes


async def _read(connection: Connection, tenant: UUID, repository: Any, version: int) -> Codes:
    (row,) = await connection.fetch(load("search", "codes"), tenant, repository)
    numbers = np.array(row["numbers"] or (), np.int32)
    bits = _words(row["codes"], len(numbers)) if len(numbers) else np.zeros((1, 0), np.uint64)
    return Codes(version, numbers, bits)


def nearest_codes(held: Sequence[tuple[Any, Codes]], vector: Vector, limit: int) -> Candidates:
    """Of several repositories together; equal distances are ordered by repository and number."""
    filled = [(repository, codes) for repository, codes in held if len(codes.numbers)]
    if not filled:
        return Candidates([], [])
    asked = _words(_packed(vector), 1)
    distances = np.concatenate([_distances(codes.bits, asked) for _, codes in filled])
    best = _least(distances, limit)
    ends = np.cumsum([len(codes.numbers) for _, codes in filled])
    owners = np.searchsorted(ends, best, side="right")
    starts = ends - [len(codes.numbers) for _, codes in filled]
    numbers = [int(filled[owner][1].numbers[place - starts[owner]]) for owner, place in zip(owners.tolist(), best.tolist(), strict=True)]
    return Candidates([filled[owner][0] for owner in owners.tolist()], numbers)


def _distances(bits: NDArray[np.uint64], asked: NDArray[np.uint64]) -> NDArray[np.uint16]:
    """Of every code: in how many bits it differs."""
    distances = np.zeros(bits.shape[1], np.uint16)
    for word, other in zip(bits, asked, strict=True):
        distances += np.bitwise_count(word ^ other)
    return distances


def _least(distances: NDArray[np.uint16], limit: int) -> NDArray[np.intp]:
    """Places of the least, in order; equal ones in theirs. There are few different distances, so they are counted."""
    up_to = np.searchsorted(np.cumsum(np.bincount(distances)), limit)
    near = np.flatnonzero(distances <= up_to)
    return near[np.lexsort((near, distances[near]))][:limit]
