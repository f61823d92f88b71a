"""The inverted index as arrays: how chunks become posting rows, and how rows are scored.

A chunk's number is its block times `BLOCK` plus its place. Weights are the frequencies of `document_terms`; under `LENGTHS` stand the
chunks' lengths. Statistics come from the rows themselves, so they are exact at every moment.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from aelus.domain.bm25 import K1, B, idf

BLOCK: Final = 4096
LENGTHS: Final = 0
"""Number under which the lengths are kept; no term has it."""

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


def postings_of(documents: Iterable[tuple[int, Mapping[str, float]]]) -> Iterator[Posting]:
    """Rows for chunks given as (number, terms)."""
    terms: list[int] = []
    numbers: list[int] = []
    weights: list[float] = []
    for number, known in documents:
        terms.append(LENGTHS)
        terms.extend(map(term_number, known))
        numbers.extend([number] * (len(known) + 1))
        weights.append(sum(known.values()))
        weights.extend(known.values())
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


class Scores(NamedTuple):
    """The best chunks, best first."""

    repositories: Sequence[Any]
    numbers: Sequence[int]
    scores: Sequence[float]


def score(rows: Iterable[Mapping[str, Any]], weights: Mapping[int, float], limit: int) -> Scores:
    """BM25 of all chunks that the rows name; `weights` are the query's, by term number."""
    lengths, postings = _sorted_rows(rows)
    documents = sum(len(places) for places, _ in lengths.values())
    if not documents or not postings:
        return Scores((), (), ())
    average = sum(float(known.sum()) for _, known in lengths.values()) / documents
    norms = {key: _norms(places, known, average) for key, (places, known) in lengths.items()}
    totals: dict[tuple[Any, int], NDArray[np.float32]] = {}
    for term, found in postings.items():
        rarity = weights[term] * idf(documents, sum(len(places) for _, places, _ in found))
        for key, places, frequencies in found:
            total = totals.setdefault(key, np.zeros(BLOCK, np.float32))
            total[places] += rarity * frequencies * (K1 + 1) / (frequencies + norms[key][places])
    return _best(totals, limit)


def _sorted_rows(
    rows: Iterable[Mapping[str, Any]],
) -> tuple[dict[Any, tuple[Places, Weights]], dict[int, list[tuple[Any, Places, Weights]]]]:
    lengths: dict[Any, tuple[Places, Weights]] = {}
    postings: dict[int, list[tuple[Any, Places, Weights]]] = {}
    for row in rows:
        key = (row["repository_id"], row["block"])
        places, known = np.frombuffer(row["places"], np.uint16), np.frombuffer(row["weights"], np.float32)
        if row["term"] == LENGTHS:
            lengths[key] = (places, known)
        else:
            postings.setdefault(row["term"], []).append((key, places, known))
    return lengths, postings


def _norms(places: Places, lengths: Weights, average: float) -> NDArray[np.float32]:
    norms = np.zeros(BLOCK, np.float32)
    norms[places] = K1 * (1 - B + B * lengths / average)
    return norms


def _best(totals: Mapping[tuple[Any, int], NDArray[np.float32]], limit: int) -> Scores:
    keys = sorted(totals)
    stacked = np.concatenate([totals[key] for key in keys])
    count = min(limit, int(np.count_nonzero(stacked)))
    best = np.argpartition(-stacked, max(count - 1, 0))[:count]
    best = best[np.lexsort((best, -stacked[best]))]
    blocks, places = np.divmod(best, BLOCK)
    repositories = [keys[block][0] for block in blocks.tolist()]
    numbers = [keys[block][1] * BLOCK + place for block, place in zip(blocks.tolist(), places.tolist(), strict=True)]
    return Scores(repositories, numbers, stacked[best].tolist())
