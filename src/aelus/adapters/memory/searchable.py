"""One repository's chunks arranged for search: postings of terms and trigrams, keys of names, a matrix of vectors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aelus.adapters.memory.state import RepositoryIndex
from aelus.domain.chunks import Chunk
from aelus.domain.search import Vector
from aelus.domain.symbol_names import dotted_name, file_keys, simple_name
from aelus.domain.terms import document_terms
from aelus.domain.trigrams import name_trigrams

Floats = NDArray[np.float64]


class Posting(NamedTuple):
    """The chunks that have a term, and how much of it."""

    places: NDArray[np.int64]
    frequencies: Floats


NOWHERE = Posting(np.zeros(0, np.int64), np.zeros(0))


class WholeFiles(NamedTuple):
    """As chunks are searched, but by file."""

    terms: Mapping[str, Posting]
    lengths: Floats


class Searchable:
    """Arranged when it is first asked; an index that is written anew is another one."""

    def __init__(self, index: RepositoryIndex) -> None:
        self.index = index
        self.chunks: Sequence[Chunk] = [chunk for file in index.files.values() for chunk in file.chunks]

    @cached_property
    def terms(self) -> Mapping[str, Posting]:
        return _postings(document_terms(chunk) for chunk in self.chunks)

    @cached_property
    def lengths(self) -> Floats:
        """Shape: (chunks,)."""
        lengths = np.zeros(len(self.chunks))
        for places, frequencies in self.terms.values():
            lengths[places] += frequencies
        return lengths

    @cached_property
    def files(self) -> NDArray[np.int64]:
        """Of every chunk, which of the files that have chunks it is of."""
        numbers: dict[str, int] = {}
        return np.array([numbers.setdefault(chunk.path, len(numbers)) for chunk in self.chunks], np.int64)

    def by_file(self, terms: Iterable[str]) -> WholeFiles:
        """These terms in whole files."""
        return WholeFiles({term: self._in_files(self.terms[term]) for term in terms if term in self.terms}, self._file_lengths)

    @cached_property
    def _file_lengths(self) -> Floats:
        return _sums(self.files, self.lengths)

    def _in_files(self, posting: Posting) -> Posting:
        frequencies = _sums(self.files[posting.places], posting.frequencies)
        places = np.flatnonzero(frequencies)
        return Posting(places, frequencies[places])

    @cached_property
    def trigrams(self) -> Mapping[str, Posting]:
        return _postings(dict.fromkeys(name_trigrams(chunk.qualified_name), 1.0) for chunk in self.chunks)

    @cached_property
    def names(self) -> Mapping[str, Sequence[int]]:
        """Places of the chunks by every key that a name may be asked under."""
        keys: dict[str, list[int]] = defaultdict(list)
        for place, chunk in enumerate(self.chunks):
            simple, dotted = simple_name(chunk.qualified_name).lower(), dotted_name(chunk.qualified_name)
            for key in {simple, dotted, *file_keys(chunk.path)}:
                keys[key].append(place)
        return keys

    def matrix(self, vectors: Mapping[tuple[str, str], Vector]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Places of the chunks that have a vector of the index's model, and those vectors as rows."""
        if self._matrix is None:
            known = [(place, vectors.get((self.index.model, chunk.content_hash))) for place, chunk in enumerate(self.chunks)]
            kept = [(place, vector) for place, vector in known if vector]
            rows = np.array([np.frombuffer(vector, np.float32) for _, vector in kept], np.float32)
            self._matrix = np.array([place for place, _ in kept], np.int64), rows
        return self._matrix

    _matrix: tuple[NDArray[np.int64], NDArray[np.float32]] | None = None


def _sums(numbers: NDArray[np.int64], values: Floats) -> Floats:
    """Of the values of every number up to the highest."""
    found: Floats = np.zeros(int(numbers.max(initial=-1)) + 1)
    np.add.at(found, numbers, values)
    return found


def _postings(documents: Iterable[Mapping[str, float]]) -> dict[str, Posting]:
    places: dict[str, list[int]] = defaultdict(list)
    frequencies: dict[str, list[float]] = defaultdict(list)
    for place, known in enumerate(documents):
        for term, frequency in known.items():
            places[term].append(place)
            frequencies[term].append(frequency)
    return {term: Posting(np.array(found, np.int64), np.array(frequencies[term])) for term, found in places.items()}
