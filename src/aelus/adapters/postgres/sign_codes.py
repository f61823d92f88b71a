"""Sign codes of chunks: the nearest of all, in a tenth of the time that a scan by the database takes.

A code has one bit for each dimension, 32 bytes for 256. All codes are compared with the signs of the asked vector, and the nearest of them
once more with its components, which tell much better: of the exact 100 nearest among 66,708 chunks the best 200 of the 1,600 with the
fewest other signs hold 84 in the mean, the 400 with the fewest other signs 81.
"""

from __future__ import annotations

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
COARSE: Final = 8
"""Codes that are compared with the asked components, for each candidate wanted."""
_WORD: Final = 8
_BITS: Final = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).astype(np.float32)
"""Shape: (256, 8): the bits of every byte."""

Bits = NDArray[np.uint64]


class Codes(NamedTuple):
    """Of one repository."""

    numbers: NDArray[np.int32]
    """Of the chunks. Shape: (chunks,)."""
    bits: Bits
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


def _words(codes: bytes, rows: int) -> Bits:
    """Codes of equal length as whole words, the last one filled up. Shape: (words, rows)."""
    width = len(codes) // rows
    filled = np.zeros((rows, -(-width // _WORD) * _WORD), np.uint8)
    filled[:, :width] = np.frombuffer(codes, np.uint8).reshape(rows, width)
    return np.ascontiguousarray(filled.view(np.uint64).T)


async def read_codes(connection: Connection, tenant: UUID, repository: Any) -> Codes:
    """For `Held`."""
    (row,) = await connection.fetch(load("search", "codes"), tenant, repository)
    numbers = np.array(row["numbers"] or (), np.int32)
    return Codes(numbers, _words(row["codes"], len(numbers)) if len(numbers) else np.zeros((1, 0), np.uint64))


def nearest_codes(held: Sequence[tuple[Any, Codes]], vector: Vector, limit: int) -> Candidates:
    """Of several repositories together; equal ones are ordered by repository and number."""
    filled = [(repository, codes) for repository, codes in held if len(codes.numbers)]
    if not filled:
        return Candidates([], [])
    asked = _words(_packed(vector), 1)
    near = np.sort(_least(np.concatenate([_distances(codes.bits, asked) for _, codes in filled]), COARSE * limit))
    ends = np.cumsum([len(codes.numbers) for _, codes in filled])
    bounds = [0, *np.searchsorted(near, ends).tolist()]
    pieces = [
        (repository, codes, near[start:end] - last + len(codes.numbers))
        for (repository, codes), start, end, last in zip(filled, bounds[:-1], bounds[1:], ends.tolist(), strict=True)
        if start < end
    ]
    sums = _sums(np.concatenate([codes.bits[:, places] for _, codes, places in pieces], axis=1), vector)
    best = np.argsort(-sums, kind="stable")[:limit]
    numbers = np.concatenate([codes.numbers[places] for _, codes, places in pieces])[best].tolist()
    repositories = [repository for repository, _, places in pieces for _ in range(len(places))]
    return Candidates([repositories[place] for place in best.tolist()], numbers)


def _distances(bits: Bits, asked: Bits) -> NDArray[np.uint16]:
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


def _sums(bits: Bits, vector: Vector) -> NDArray[np.float32]:
    """Of every code: the sum of the asked components whose bits are set, which grows with the cosine to a vector of these signs.

    Eight components at a time are looked up in a table.
    """
    octets = np.ascontiguousarray(bits.T).view(np.uint8)
    components = np.zeros((octets.shape[1], 8), np.float32)
    components.reshape(-1)[: len(vector)] = np.frombuffer(vector, np.float32)
    table = components @ _BITS.T
    sums: NDArray[np.float32] = table.reshape(-1).take(octets + np.arange(0, table.size, len(_BITS))).sum(axis=1)
    return sums
