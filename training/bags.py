"""The mined pairs as bags of table rows, in flat arrays, since a million objects would not fit."""

from __future__ import annotations

import json
import random
import zlib
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aelus.adapters.offline.table import RowCounter
from pairs import Pair, hide_name, passage

HIDDEN = 0.5
"""Share of the passages whose name and path are hidden, besides those where the name is the question."""
LEFT_OUT = 16
"""One package of so many only chooses the round."""

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Bag = tuple[Ints, Floats]
"""Rows, and the logarithm of one more than how often each stands there."""


def bag_of(counter: RowCounter, text: str) -> Bag:
    counts = counter.count(text) or {0: 1}
    return np.fromiter(counts, np.int64, len(counts)), np.log1p(np.fromiter(counts.values(), np.float32, len(counts)))


@dataclass(frozen=True, slots=True)
class Bags:
    rows: NDArray[np.int32]
    counts: NDArray[np.float16]
    ends: Ints
    """Shape: (bags + 1,)."""

    def take(self, places: Ints) -> tuple[Ints, Floats, Ints]:
        """Rows and counts of some bags after another, and where each begins."""
        starts, lengths = self.ends[places], self.ends[places + 1] - self.ends[places]
        offsets = np.cumsum(lengths) - lengths
        spread = np.arange(int(lengths.sum())) + np.repeat(starts - offsets, lengths)
        return self.rows[spread].astype(np.int64), self.counts[spread].astype(np.float32), offsets


class _Filling:
    def __init__(self) -> None:
        self._rows, self._counts, self._ends = array("i"), array("f"), array("q", [0])

    def add(self, bag: Bag) -> None:
        self._rows.extend(bag[0].tolist())
        self._counts.extend(bag[1].tolist())
        self._ends.append(len(self._rows))

    def filled(self) -> Bags:
        return Bags(np.array(self._rows, np.int32), np.array(self._counts, np.float16), np.array(self._ends, np.int64))


@dataclass(frozen=True, slots=True)
class Examples:
    """What is trained on. The groups are strings: `language kind`, and the name of the package."""

    questions: Bags
    passages: Bags
    groups: NDArray[np.str_]
    packages: NDArray[np.str_]


def pairs_in(path: Path) -> Iterator[Pair]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield Pair(*json.loads(line))


def is_left_out(package: str) -> bool:
    return zlib.crc32(package.encode()) % LEFT_OUT == 0


def read_examples(path: Path, counter: RowCounter) -> Examples:
    """Of the packages that are not left out; each passage as it is or without its name, by chance."""
    chance = random.Random(1)
    questions, passages, groups, packages = _Filling(), _Filling(), [], []
    for pair in pairs_in(path):
        if not is_left_out(pair.package):
            questions.add(bag_of(counter, pair.query))
            hidden = not pair.shows_name or chance.random() < HIDDEN
            passages.add(bag_of(counter, passage(hide_name(pair) if hidden else pair)))
            groups.append(f"{pair.language} {pair.kind}")
            packages.append(pair.package)
    return Examples(questions.filled(), passages.filled(), np.array(groups), np.array(packages))


def remembered_examples(path: Path, counter: RowCounter, words: Sequence[str]) -> Examples:
    """As `read_examples`, which takes minutes, kept beside the pairs for the same pairs and words."""
    key = zlib.crc32("\n".join(words).encode()) ^ int(path.stat().st_mtime)
    kept = path.with_suffix(f".{key:08x}.npz")
    if not kept.exists():
        found = read_examples(path, counter)
        bags = {
            f"{side}_{part}": getattr(getattr(found, side), part)
            for side in ("questions", "passages")
            for part in ("rows", "counts", "ends")
        }
        np.savez(kept, groups=found.groups, packages=found.packages, **bags)
        return found
    with np.load(kept) as data:
        questions, passages = (Bags(*(data[f"{side}_{part}"] for part in ("rows", "counts", "ends"))) for side in ("questions", "passages"))
        return Examples(questions, passages, data["groups"], data["packages"])
