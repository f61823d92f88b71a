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

import numpy as np
from numpy.typing import NDArray

from aelus.adapters.postgres.rows import Row
from aelus.domain.bm25 import K1, B, idf
from aelus.domain.trigrams import LEAST_ALIKE

BLOCK: Final = 4096
LENGTHS: Final = 0
"""Number under which the lengths are kept; no term has it."""
NAME_SIZES: Final = -(2**31)
"""Number under which it is kept how many trigrams the chunks' names have; no trigram has it."""

Places = NDArray[np.uint16]
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


Key = tuple[Any, int]
"""Repository and block."""
Totals = dict[Key, NDArray[np.float32]]
"""Shape of each: (BLOCK,)."""


class Scores(NamedTuple):
    """The best chunks, best first."""

    repositories: Sequence[Any] = ()
    numbers: Sequence[int] = ()
    scores: Sequence[float] = ()
    coverages: Sequence[float] = ()


def score(rows: Iterable[Row], weights: Mapping[int, float], limit: int) -> Scores:
    """BM25 of all chunks that the rows name, and their coverage; `weights` are the query's, by term number."""
    lengths, postings = _sorted_rows(rows, LENGTHS)
    documents = sum(len(places) for places, _ in lengths.values())
    if not documents or not postings:
        return Scores()
    average = sum(float(known.sum()) for _, known in lengths.values()) / documents
    norms = {key: _norms(places, known, average) for key, (places, known) in lengths.items()}
    rarities = {
        term: weight * idf(documents, sum(len(places) for _, places, _ in postings.get(term, ()))) for term, weight in weights.items()
    }
    totals, covered = Totals(), Totals()
    for term, found in postings.items():
        for key, places, frequencies in found:
            _block(totals, key)[places] += rarities[term] * frequencies * (K1 + 1) / (frequencies + norms[key][places])
            _block(covered, key)[places] += rarities[term]
    return _best(totals, limit, covered, sum(rarities.values()))


def score_alike(rows: Iterable[Row], asked: int, limit: int) -> Scores:
    """`trigrams.likeness` of all chunks that the rows name, as far as it is `LEAST_ALIKE`; `asked` is the number of the name's trigrams."""
    sizes, postings = _sorted_rows(rows, NAME_SIZES)
    shared = Totals()
    for key, places, _ in (entry for found in postings.values() for entry in found):
        _block(shared, key)[places] += 1
    for key, counts in shared.items():
        known = np.zeros(BLOCK, np.float32)
        known[sizes[key][0]] = sizes[key][1]
        alike = (2 * counts / (asked + known) + counts / asked) / 2
        shared[key] = np.where(alike >= LEAST_ALIKE, alike, np.float32(0))
    return _best(shared, limit)


def _block(totals: Totals, key: Key) -> NDArray[np.float32]:
    return totals.setdefault(key, np.zeros(BLOCK, np.float32))


def _sorted_rows(rows: Iterable[Row], sizes: int) -> tuple[dict[Key, tuple[Places, Weights]], dict[int, list[tuple[Key, Places, Weights]]]]:
    """Rows under the number `sizes`, and the others by their number."""
    lengths: dict[Key, tuple[Places, Weights]] = {}
    postings: dict[int, list[tuple[Key, Places, Weights]]] = {}
    for row in rows:
        key = (row["repository_id"], row["block"])
        places, known = np.frombuffer(row["places"], np.uint16), np.frombuffer(row["weights"], np.float32)
        if row["term"] == sizes:
            lengths[key] = (places, known)
        else:
            postings.setdefault(row["term"], []).append((key, places, known))
    return lengths, postings


def _norms(places: Places, lengths: Weights, average: float) -> NDArray[np.float32]:
    norms = np.zeros(BLOCK, np.float32)
    norms[places] = K1 * (1 - B + B * lengths / average)
    return norms


def _best(totals: Totals, limit: int, covered: Totals | None = None, all_of_it: float = 0.0) -> Scores:
    keys = sorted(totals)
    if not keys:
        return Scores()
    stacked = np.concatenate([totals[key] for key in keys])
    count = min(limit, int(np.count_nonzero(stacked)))
    best = np.argpartition(-stacked, max(count - 1, 0))[:count]
    best = best[np.lexsort((best, -stacked[best]))]
    blocks, places = np.divmod(best, BLOCK)
    return Scores(
        repositories=[keys[block][0] for block in blocks.tolist()],
        numbers=[keys[block][1] * BLOCK + place for block, place in zip(blocks.tolist(), places.tolist(), strict=True)],
        scores=stacked[best].tolist(),
        coverages=(np.concatenate([covered[key] for key in keys])[best] / all_of_it).tolist() if covered else [0.0] * count,
    )
