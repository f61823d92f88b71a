"""Trains the word table on comments and the functions under them: `python training/train.py --mined FOLDER --start TABLE --out TABLE`.

Rows and both weights of every word move so that a comment is nearer to its own function than to others, half of them from the same
packages (InfoNCE in both directions). Names and paths are hidden from half of the passages, and some questions are the hidden name alone.
Every eighth package is left out to choose the number of rounds; the packages of `held_out` are not read.
"""

from __future__ import annotations

import argparse
import copy
import random
import zlib
from collections import defaultdict
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
ROUNDS = 8
ROW_RATE = 6e-4
WEIGHT_RATE = 1e-2
HIDDEN = 0.5
BY_NAME = 0.15
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

Bag = tuple[NDArray[np.int64], NDArray[np.float32]]


@dataclass(slots=True)
class Example:
    package: str
    question: Bag
    name: Bag
    shown: Bag
    hidden: Bag


def bag_of(counter: RowCounter, text: str) -> Bag:
    counts = counter.count(text) or {0: 1}
    return np.fromiter(counts, np.int64, len(counts)), np.log1p(np.fromiter(counts.values(), np.float32, len(counts)))


def example_of(pair: Pair, counter: RowCounter) -> Example:
    texts = (pair.query, pair.name, passage(pair), passage(hide_name(pair)))
    return Example(pair.package, *(bag_of(counter, text) for text in texts))


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


def batches_of(examples: list[Example], chance: random.Random) -> list[list[Example]]:
    """Blocks of one package, put together at random."""
    groups: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        groups[example.package].append(example)
    blocks = []
    for group in groups.values():
        chance.shuffle(group)
        blocks += [group[start : start + OF_ONE_PACKAGE] for start in range(0, len(group), OF_ONE_PACKAGE)]
    chance.shuffle(blocks)
    together = BATCH // OF_ONE_PACKAGE
    return [list(chain.from_iterable(blocks[start : start + together])) for start in range(0, len(blocks), together)]


def joined(left: Bag, right: Bag) -> Bag:
    return np.concatenate([left[0], right[0]]), np.concatenate([left[1], right[1]])


def question_of(example: Example, asked: list[Bag], chance: random.Random) -> Bag:
    return joined(chance.choice(asked), example.question) if chance.random() < ASKED else example.question


def loss_of(words: Words, batch: list[Example], asked: list[Bag], chance: random.Random) -> torch.Tensor:
    questions, passages = [], []
    for example in batch:
        hidden = chance.random() < HIDDEN
        by_name = hidden and chance.random() < BY_NAME
        questions.append(example.name if by_name else question_of(example, asked, chance))
        passages.append(example.hidden if hidden else example.shown)
    scores = words(questions, words.query, DROPPED) @ words(passages, words.document, DROPPED).T / TEMPERATURE
    own = torch.arange(len(batch))
    return (functional.cross_entropy(scores, own) + functional.cross_entropy(scores.T, own)) / 2


@torch.no_grad()
def quality(words: Words, collections: list[list[Example]]) -> float:
    """Mean nDCG@10 over packages, names shown and hidden."""
    found = []
    for examples in collections:
        questions = words([example.question for example in examples], words.query).numpy()
        for bags in ([example.shown for example in examples], [example.hidden for example in examples]):
            found.append(ndcg_at_10(questions, words(bags, words.document).numpy()))  # noqa: PERF401 -- reads better in steps
    return float(np.mean(found))


def train(words: Words, examples: list[Example], collections: list[list[Example]], asked: list[Bag]) -> Words:
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
            loss = loss_of(words, batch, asked, chance)
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
    return zlib.crc32(package.encode()) % 8 == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mined", type=Path, required=True)
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--model", default="aelus-words-2")
    arguments = parser.parse_args()
    torch.manual_seed(1)
    table = read_table(arguments.start)
    counter = RowCounter(as_word_table(table), 500_000)
    pairs = read_pairs(arguments.mined / "pairs-train.jsonl")
    left_out = collections_of([pair for pair in pairs if is_left_out(pair.package)])
    print("left out to choose the rounds:", *sorted(group[0].package for group in left_out))
    examples = [example_of(pair, counter) for pair in pairs if not is_left_out(pair.package)]
    collections = [[example_of(pair, counter) for pair in group] for group in left_out if len(group) >= LEAST_FUNCTIONS]
    words = train(Words(table), examples, collections, [bag_of(counter, text) for text in WAYS_OF_ASKING])
    write_table(trained_table(table, words), arguments.model, arguments.out)


if __name__ == "__main__":
    main()
