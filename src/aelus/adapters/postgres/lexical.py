"""The inverted index as arrays: how chunks become posting rows, and how rows are scored.

A chunk's number is its block times `BLOCK` plus its place. Weights are the frequencies of `document_terms`; under `LENGTHS` stand the
chunks' lengths. Trigrams of names are kept the same way under negative numbers, and under `NAME_SIZES` how many a name has. Statistics come
from the rows themselves, so they are exact at every moment.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from aelus.adapters.postgres.database import Connection
from aelus.adapters.postgres.queries import load
from aelus.adapters.postgres.rows import Row
from aelus.domain.bm25 import K1, B, idf
from aelus.domain.trigrams import LEAST_ALIKE

BLOCK: Final = 4096
LENGTHS: Final = 0
"""Number under which the lengths are kept; no term has it."""
NAME_SIZES: Final = -(2**31)
"""Number under which it is kept how many trigrams the chunks' names have; no trigram has it."""

_PLACE_BYTES: Final = np.dtype(np.uint16).itemsize

Weights = NDArray[np.float32]


class Posting(NamedTuple):
    """One row."""

    term: int
    block: int
    places: bytes
    weights: bytes


@lru_cache(maxsize=1 << 18)
def term_number(term: str) -> int:
    """A term's stable number, 1 to 2**31 - 1."""
    digest = hashlib.blake2b(term.encode("utf-8", "replace"), digest_size=4).digest()
    return int.from_bytes(digest, "little") % 0x7FFFFFFE + 1


def trigram_number(trigram: str) -> int:
    """A trigram's stable number, -1 to -(2**31 - 1)."""
    return -term_number(trigram)


class Document(NamedTuple):
    """What is kept of one chunk."""

    number: int
    terms: Mapping[str, float]
    trigrams: Collection[str]
    """Of its name."""


def postings_of(documents: Iterable[Document]) -> Iterator[Posting]:
    """Rows for chunks."""
    terms: list[int] = []
    numbers: list[int] = []
    weights: list[float] = []
    for number, known, trigrams in documents:
        terms += (LENGTHS, NAME_SIZES, *map(term_number, known), *map(trigram_number, trigrams))
        numbers += [number] * (len(known) + len(trigrams) + 2)
        weights += (sum(known.values()), len(trigrams), *known.values(), *[1.0] * len(trigrams))
    yield from _rows(np.array(terms, np.int64), np.array(numbers, np.int64), np.array(weights, np.float32))


def _rows(terms: NDArray[np.int64], numbers: NDArray[np.int64], weights: Weights) -> Iterator[Posting]:
    if not len(terms):
        return
    blocks = numbers // BLOCK
    order = np.lexsort((numbers, blocks, terms))
    terms, blocks, places, weights = terms[order], blocks[order], (numbers[order] % BLOCK).astype(np.uint16), weights[order]
    starts = np.flatnonzero(np.r_[True, (terms[1:] != terms[:-1]) | (blocks[1:] != blocks[:-1])])
    ends = np.r_[starts[1:], len(terms)]
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        yield Posting(int(terms[start]), int(blocks[start]), places[start:end].tobytes(), weights[start:end].tobytes())


def merged(old: Posting | None, new: Posting | None, gone: NDArray[np.int64]) -> Posting:
    """A row without the chunks that are gone (places in its block) and with the new ones, in order of place."""
    some = old or new
    assert some is not None
    rows = [(np.frombuffer(row.places, np.uint16), np.frombuffer(row.weights, np.float32)) for row in (old, new) if row is not None]
    if old is not None:
        kept = ~np.isin(rows[0][0], gone)
        rows[0] = (rows[0][0][kept], rows[0][1][kept])
    places, weights = (np.concatenate(columns) for columns in zip(*rows, strict=True))
    order = np.argsort(places, kind="stable")
    return Posting(some.term, some.block, places[order].tobytes(), weights[order].tobytes())


_GROUP: Final = 64
"""Neighbours whose highest total stands for them: as many groups as are wanted have that many chunks that are no worse than the last's."""
Key = tuple[Any, int]
"""Repository and block."""
Positions = NDArray[np.int64]
"""Of chunks among all of the blocks that are scored together, rising."""


class Scores(NamedTuple):
    """The best chunks, best first."""

    repositories: Sequence[Any] = ()
    numbers: Sequence[int] = ()
    scores: Sequence[float] = ()
    coverages: Sequence[float] = ()
    file_scores: Sequence[float] = ()
    """Of the whole files, where they were asked for."""


class Files(NamedTuple):
    """Which file every chunk of a repository is of."""

    files: NDArray[np.int32]
    """Of every place of the blocks that have chunks, one block after the other; from 0 on, and 0 where there is no chunk."""
    how_many: int
    """Files."""

    @property
    def size_bytes(self) -> int:
        return self.files.nbytes


async def read_files(connection: Connection, tenant: UUID, repository: Any) -> Files:
    """For `Held`."""
    (row,) = await connection.fetch(load("search", "files"), tenant, repository)
    return files_of(np.array(row["numbers"] or (), np.int64), np.array(row["files"] or (), np.int32))


def files_of(numbers: NDArray[np.int64], files: NDArray[np.int32]) -> Files:
    """Of chunks with these numbers, each of one of the files from 0 on."""
    blocks, block_of = np.unique(numbers // BLOCK, return_inverse=True)
    arranged = np.zeros(len(blocks) * BLOCK, np.int32)
    arranged[block_of * BLOCK + numbers % BLOCK] = files
    return Files(arranged, int(files.max(initial=-1)) + 1)


class Sizes(NamedTuple):
    """What is kept under one of the numbers for sizes, of one repository."""

    blocks: tuple[int, ...]
    """Rising."""
    sizes: Weights
    """Of every place of these blocks, one block after the other; 0 where there is no chunk."""
    documents: int
    total: float
    """Of all sizes."""

    @property
    def size_bytes(self) -> int:
        return self.sizes.nbytes


async def read_sizes(under: int, connection: Connection, tenant: UUID, repository: Any) -> Sizes:
    """Lengths, or sizes of names, for `Held`."""
    rows = await connection.fetch(load("search", "postings"), tenant, [repository], [under])
    return sizes_of(rows)


def sizes_of(rows: Iterable[Row]) -> Sizes:
    ordered = sorted((row["block"], row["places"], row["weights"]) for row in rows)
    sizes = np.zeros((len(ordered), BLOCK), np.float32)
    for block, (_, places, weights) in zip(sizes, ordered, strict=True):
        block[np.frombuffer(places, np.uint16)] = np.frombuffer(weights, np.float32)
    documents = sum(len(places) for _, places, _ in ordered) // _PLACE_BYTES
    return Sizes(tuple([block for block, _, _ in ordered]), sizes.reshape(-1), documents, float(sizes.sum(dtype=np.float64)))


class _Blocks:
    """Blocks of several repositories, side by side in one array as long as all of them, and the rows of terms in them."""

    def __init__(self, held: Sequence[tuple[Any, Sizes]], rows: Iterable[Row]) -> None:
        self.keys: list[Key] = [(repository, block) for repository, sizes in held for block in sizes.blocks]
        self.sizes = np.concatenate([sizes.sizes for _, sizes in held]) if held else np.zeros(0, np.float32)
        self.documents = sum(sizes.documents for _, sizes in held)
        self._starts = {key: start * BLOCK for start, key in enumerate(self.keys)}
        found: dict[int, list[tuple[Key, Row]]] = {}
        for row in rows:
            found.setdefault(row["term"], []).append(((row["repository_id"], row["block"]), row))
        self.terms = {term: self._joined(entries) for term, entries in found.items()}

    def _joined(self, entries: Iterable[tuple[Key, Row]]) -> tuple[Positions, Weights]:
        """Positions and weights of the chunks in several blocks' rows."""
        ordered = sorted((self._starts[key], row["places"], row["weights"]) for key, row in entries if key in self._starts)
        if not ordered:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        places = np.frombuffer(b"".join([places for _, places, _ in ordered]), np.uint16)
        starts = np.repeat(
            np.array([start for start, _, _ in ordered], np.int64), [len(places) // _PLACE_BYTES for _, places, _ in ordered]
        )
        return starts + places, np.frombuffer(b"".join([weights for _, _, weights in ordered]), np.float32)

    def best(self, totals: Weights, limit: int) -> Positions:
        """Positions of the highest totals above zero; equal ones in their order."""
        highest = totals.reshape(-1, _GROUP).max(axis=1)
        least = np.partition(highest, -limit)[-limit] if limit < len(highest) else 0.0
        likely = np.flatnonzero(totals >= max(least, np.finfo(np.float32).tiny))
        return likely[np.lexsort((likely, -totals[likely]))][:limit]

    def scores(self, best: Positions, totals: Weights, coverages: Sequence[float], file_scores: Sequence[float] = ()) -> Scores:
        blocks, places = np.divmod(best, BLOCK)
        keys = [self.keys[block] for block in blocks.tolist()]
        numbers = [block * BLOCK + place for (_, block), place in zip(keys, places.tolist(), strict=True)]
        return Scores([repository for repository, _ in keys], numbers, totals[best].tolist(), coverages, file_scores)


def score(
    held: Sequence[tuple[Any, Sizes]],
    rows: Iterable[Row],
    weights: Mapping[int, float],
    limit: int,
    files: Sequence[tuple[Any, Files]] = (),
) -> Scores:
    """BM25 of all chunks that the rows name, and their coverage.

    Args:
        held: repositories and their chunks' lengths, in the order of equals.
        rows: of the query's terms.
        weights: the query's, by term number.
        limit: chunks that are wanted.
        files: of the same repositories, where whole files are to be scored too.
    """
    blocks = _Blocks(held, rows)
    if not blocks.documents or not blocks.terms:
        return Scores()
    totals = np.zeros(len(blocks.sizes), np.float32)
    average = sum(sizes.total for _, sizes in held) / blocks.documents
    norms = blocks.sizes * np.float32(K1 * B / average) + np.float32(K1 * (1 - B))
    rarities = {
        term: weight * idf(blocks.documents, len(blocks.terms[term][0]) if term in blocks.terms else 0) for term, weight in weights.items()
    }
    for term, (positions, frequencies) in blocks.terms.items():
        weighed = frequencies * np.float32(rarities[term] * (K1 + 1))
        weighed /= frequencies + norms.take(positions)
        np.add.at(totals, positions, weighed)
    best = blocks.best(totals, limit)
    covered = np.zeros(len(best))
    for term, (positions, _) in blocks.terms.items():
        covered += rarities[term] * _holds(positions, best)
    return blocks.scores(best, totals, (covered / sum(rarities.values())).tolist(), _file_scores(blocks, files, weights, best))


def _file_scores(blocks: _Blocks, held: Sequence[tuple[Any, Files]], weights: Mapping[int, float], wanted: Positions) -> Sequence[float]:
    """BM25 of the files of these chunks; nothing where no files are held."""
    if not held:
        return ()
    starts = np.cumsum([0, *[files.how_many for _, files in held]])
    files, count = np.concatenate([one.files + start for (_, one), start in zip(held, starts.tolist(), strict=False)]), int(starts[-1])
    lengths = np.bincount(files, blocks.sizes, count)
    norms = lengths * (K1 * B * count / lengths.sum()) + K1 * (1 - B)
    totals = np.zeros(count)
    for term, (positions, frequencies) in blocks.terms.items():
        in_files = np.bincount(files.take(positions), frequencies, count)
        totals += in_files * (weights[term] * idf(count, int(np.count_nonzero(in_files))) * (K1 + 1)) / (in_files + norms)
    found: Sequence[float] = totals[files.take(wanted)].tolist()
    return found


def _holds(positions: Positions, wanted: Positions) -> NDArray[np.bool_]:
    """Which of the wanted are among the positions."""
    places = np.searchsorted(positions, wanted)
    return np.take(positions, places, mode="clip") == wanted if len(positions) else np.zeros(len(wanted), bool)


def score_alike(held: Sequence[tuple[Any, Sizes]], rows: Iterable[Row], asked: int, limit: int) -> Scores:
    """`trigrams.likeness` of all chunks that the rows name, as far as it is `LEAST_ALIKE`.

    Args:
        held: repositories and how many trigrams their chunks' names have.
        rows: of the asked name's trigrams.
        asked: the number of these.
        limit: as in `score`.
    """
    blocks = _Blocks(held, rows)
    if not blocks.documents:
        return Scores()
    shared = np.zeros(len(blocks.sizes), np.float32)
    for positions, _ in blocks.terms.values():
        np.add.at(shared, positions, np.float32(1))
    alike = (2 * shared / (asked + blocks.sizes) + shared / asked) / 2
    likely = np.where(alike >= LEAST_ALIKE, alike, np.float32(0))
    best = blocks.best(likely, limit)
    return blocks.scores(best, likely, [0.0] * len(best))
