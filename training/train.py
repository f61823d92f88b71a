"""Trains the word table on questions and their passages: `python training/train.py --mined FOLDER --start TABLE --out TABLE`.

Rows and both weights of every word move so that a question is nearer to its own passage than to others, a quarter of them from the same
package (InfoNCE in both directions). Names and paths are hidden from half of the passages, and wherever the name is the question. At most
`MAX_OF_LANGUAGE` pairs of a language are taken, comments of functions before comments within them before names. Every sixteenth package is
left out to choose the round; the packages of `held_out` are not read.
"""

from __future__ import annotations

import argparse
import copy
import random
import zlib
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from aelus.adapters.offline.table import RowCounter, WordTable
from evaluate import collections_of, ndcg_at_10, read_pairs
from pairs import Pair, hide_name, passage
from table_file import Table, read_table, write_table

TEMPERATURE = 0.05
BATCH = 512
OF_ONE_PACKAGE = 128
ROUNDS = 4
MAX_OF_LANGUAGE = 80_000
ROW_RATE = 6e-4
WEIGHT_RATE = 1e-2
HIDDEN = 0.5
DROPPED = 0.1
LEAST_FUNCTIONS = 30

ASKED = 0.3
WAYS_OF_ASKING = (
    "where is the code that",
    "where do we",
    "how does it",
    "how is this implemented",
    "find the function which",
    "what is the method used to",
    "which part of the code is responsible for",
    "show me where",
    "what happens when",
    "why does",
)
"""People ask in words that comments do not use: put before some questions, so that the words come to count little."""

KINDS = ("comment", "lines", "name")
Bag = tuple[NDArray[np.int64], NDArray[np.float32]]


def bag_of(counter: RowCounter, text: str) -> Bag:
    counts = counter.count(text) or {0: 1}
    return np.fromiter(counts, np.int64, len(counts)), np.log1p(np.fromiter(counts.values(), np.float32, len(counts)))


class Bags:
    """Many bags in three arrays, since a million objects would not fit."""

    def __init__(self, counter: RowCounter, texts: Iterable[str]) -> None:
        ids, counts, ends = array("i"), array("f"), array("q", [0])
        for text in texts:
            rows, weights = bag_of(counter, text)
            ids.extend(rows.tolist())
            counts.extend(weights.tolist())
            ends.append(len(ids))
        self._ids, self._counts, self._ends = np.array(ids, np.int32), np.array(counts, np.float16), np.array(ends, np.int64)

    def __getitem__(self, place: int) -> Bag:
        span = slice(self._ends[place], self._ends[place + 1])
        return self._ids[span].astype(np.int64), self._counts[span].astype(np.float32)


@dataclass(frozen=True, slots=True)
class Examples:
    packages: list[str]
    questions: Bags
    passages: Bags


def examples_of(pairs: Sequence[Pair], counter: RowCounter, chance: random.Random) -> Examples:
    """The passage of each pair as it is or without its name, by chance."""
    passages = (passage(hide_name(pair) if not pair.shows_name or chance.random() < HIDDEN else pair) for pair in pairs)
    return Examples([pair.package for pair in pairs], Bags(counter, (pair.query for pair in pairs)), Bags(counter, passages))


@dataclass(frozen=True, slots=True)
class Collection:
    """The pairs of one package, for measuring."""

    questions: list[Bag]
    shown: list[Bag]
    hidden: list[Bag]


def collection_of(pairs: Sequence[Pair], counter: RowCounter) -> Collection:
    texts = ([pair.query for pair in pairs], [passage(pair) for pair in pairs], [passage(hide_name(pair)) for pair in pairs])
    return Collection(*([bag_of(counter, text) for text in column] for column in texts))


def balanced(pairs: Iterable[Pair], chance: random.Random) -> list[Pair]:
    """At most `MAX_OF_LANGUAGE` pairs of each language."""
    groups: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[pair.language].append(pair)
    chosen: list[Pair] = []
    for group in groups.values():
        chance.shuffle(group)
        chosen += sorted(group, key=lambda pair: KINDS.index(pair.kind))[:MAX_OF_LANGUAGE]
    return chosen


class Words(nn.Module):
    def __init__(self, table: Table) -> None:
        super().__init__()
        self.rows = nn.Parameter(torch.from_numpy(table.rows.copy()))
        self.document = nn.Parameter(torch.from_numpy(np.log(table.document_weights + 1e-4)))
        self.query = nn.Parameter(torch.from_numpy(np.log(table.query_weights + 1e-4)))

    def forward(self, bags: list[Bag], weights: torch.Tensor, dropped: float = 0.0) -> torch.Tensor:
        ids = torch.from_numpy(np.concatenate([bag[0] for bag in bags]))
        offsets = torch.from_numpy(np.cumsum([0, *(len(bag[0]) for bag in bags[:-1])]))
        counts = torch.from_numpy(np.concatenate([bag[1] for bag in bags]))
        factors = functional.dropout(counts, dropped) * weights[ids].exp()
        return functional.normalize(functional.embedding_bag(ids, self.rows, offsets, mode="sum", per_sample_weights=factors), dim=-1)


def batches_of(examples: Examples, chance: random.Random) -> list[list[int]]:
    """Places of examples in blocks of one package, put together at random."""
    groups: dict[str, list[int]] = defaultdict(list)
    for place, package in enumerate(examples.packages):
        groups[package].append(place)
    blocks = []
    for group in groups.values():
        chance.shuffle(group)
        blocks += [group[start : start + OF_ONE_PACKAGE] for start in range(0, len(group), OF_ONE_PACKAGE)]
    chance.shuffle(blocks)
    together = BATCH // OF_ONE_PACKAGE
    return [list(chain.from_iterable(blocks[start : start + together])) for start in range(0, len(blocks), together)]


def joined(left: Bag, right: Bag) -> Bag:
    return np.concatenate([left[0], right[0]]), np.concatenate([left[1], right[1]])


def loss_of(words: Words, examples: Examples, batch: list[int], asked: list[Bag], chance: random.Random) -> torch.Tensor:
    questions = [examples.questions[place] for place in batch]
    questions = [joined(chance.choice(asked), question) if chance.random() < ASKED else question for question in questions]
    passages = [examples.passages[place] for place in batch]
    scores = words(questions, words.query, DROPPED) @ words(passages, words.document, DROPPED).T / TEMPERATURE
    own = torch.arange(len(batch))
    return (functional.cross_entropy(scores, own) + functional.cross_entropy(scores.T, own)) / 2


@torch.no_grad()
def quality(words: Words, collections: list[Collection]) -> float:
    """Mean nDCG@10 over packages, names shown and hidden."""
    found = []
    for one in collections:
        questions = words(one.questions, words.query).numpy()
        found += [ndcg_at_10(questions, words(bags, words.document).numpy()) for bags in (one.shown, one.hidden)]
    return float(np.mean(found))


def train(words: Words, examples: Examples, collections: list[Collection], asked: list[Bag]) -> Words:
    """The state with the best quality on the packages left out."""
    chance = random.Random(1)
    optimiser = torch.optim.Adam(
        [{"params": [words.rows], "lr": ROW_RATE}, {"params": [words.document, words.query], "lr": WEIGHT_RATE}], betas=(0.9, 0.98)
    )
    steps = ROUNDS * len(batches_of(examples, chance))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: min(1, (step + 1) / 50) * max(0.05, 1 - step / steps))
    best, best_quality = copy.deepcopy(words.state_dict()), quality(words, collections)
    print(f"start: {best_quality:.4f}", flush=True)
    for number in range(ROUNDS):
        losses = []
        for batch in batches_of(examples, chance):
            loss = loss_of(words, examples, batch, asked, chance)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        now = quality(words, collections)
        print(f"round {number}: loss {np.mean(losses):.3f}, left-out packages {now:.4f}", flush=True)
        if now > best_quality:
            best, best_quality = copy.deepcopy(words.state_dict()), now
    words.load_state_dict(best)
    return words


def trained_table(table: Table, words: Words) -> Table:
    arrays = {name: value.detach().numpy() for name, value in words.state_dict().items()}
    return Table(
        words=table.words,
        costs=table.costs,
        rows=arrays["rows"],
        document_weights=np.exp(arrays["document"]),
        query_weights=np.exp(arrays["query"]),
        buckets=table.buckets,
    )


def as_word_table(table: Table) -> WordTable:
    return WordTable(
        model="",
        ids={word: row for row, word in enumerate(table.words)},
        costs=dict(zip(table.words, table.costs.tolist(), strict=True)),
        rows=np.zeros(table.rows.shape, np.int8),
        document_weights=table.document_weights,
        query_weights=table.query_weights,
        buckets=table.buckets,
    )


def is_left_out(package: str) -> bool:
    return zlib.crc32(package.encode()) % 16 == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mined", type=Path, required=True)
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--model", default="aelus-words-3")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(arguments.threads)
    chance = random.Random(1)
    table = read_table(arguments.start)
    counter = RowCounter(as_word_table(table), 500_000)
    pairs = read_pairs(arguments.mined / "pairs-train.jsonl")
    left_out = collections_of([pair for pair in pairs if is_left_out(pair.package) and pair.kind == "comment"])
    print("left out to choose the round:", *sorted(group[0].package for group in left_out))
    collections = [collection_of(group, counter) for group in left_out if len(group) >= LEAST_FUNCTIONS]
    taught = balanced((pair for pair in pairs if not is_left_out(pair.package)), chance)
    del pairs
    print(len(taught), "pairs:", Counter((pair.language, pair.kind) for pair in taught))
    examples = examples_of(taught, counter, chance)
    del taught
    words = train(Words(table), examples, collections, [bag_of(counter, text) for text in WAYS_OF_ASKING])
    write_table(trained_table(table, words), arguments.model, arguments.out)


if __name__ == "__main__":
    main()
