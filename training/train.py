"""Trains the word table on questions and their passages: `python training/train.py --mined FOLDER --start TABLE --out TABLE`.

Rows and both weights of every word move so that a question is nearer to its own passage than to others, a part of which is from the
same package, and so that its words are liker to those of its own passage (`objective.py`). Every round draws anew: of each language and
kind of pair at most so many, so that the frequent ones do not drown the others. Every sixteenth package is left out to choose the round;
the packages of `held_out` are not read.
"""

from __future__ import annotations

import argparse
import copy
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from aelus.adapters.offline.table import RowCounter, WordTable
from bags import Bag, Examples, Floats, Ints, bag_of, is_left_out, pairs_in, remembered_examples
from evaluate import collections_of, ndcg_at_10
from objective import MOST_ASKED, MOST_SHOWN, Words, drawn, likeness_loss, meaning_loss
from pairs import Pair, hide_name, passage
from table_file import Table, read_table, write_table

BATCH = 2048
OF_ONE_PACKAGE = 128
BLOCKS = 4
"""Of `BLOCK` pairs of one package, whose words are compared in one step."""
BLOCK = 32
ROUNDS = 4
OF_LANGUAGE = 60_000
SHARES = {"comment": 1.0, "lines": 0.5, "name": 0.4, "type": 0.5}
"""Of `OF_LANGUAGE`, at most, from each kind of pair."""
ROW_RATE = 1.2e-3
WEIGHT_RATE = 1.5e-2
LIKENESS = 0.5
"""What the likeness of words counts beside the vectors of whole texts."""
LEAST_FUNCTIONS = 30
LEAST_WEIGHT = 1e-6

ASKED = 0.35
WAYS_OF_ASKING = (
    "where is the code that",
    "where do we",
    "where is it decided",
    "how does it",
    "how is this implemented",
    "how are these handled",
    "find the function which",
    "what is the method used to",
    "what makes sure that",
    "which part of the code is responsible for",
    "show me where",
    "what happens when",
    "why does",
    "fix",
    "fix a bug where",
    "add support for",
    "make sure that",
    "do not",
    "allow to",
    "no longer",
)
"""People ask, and say what they changed, in words that no comment uses: put before some questions, so that they come to count little."""


@dataclass(frozen=True, slots=True)
class Collection:
    """The pairs of one package, for measuring."""

    questions: list[Bag]
    shown: list[Bag]
    hidden: list[Bag]


def collection_of(pairs: Sequence[Pair], counter: RowCounter) -> Collection:
    texts = ([pair.query for pair in pairs], [passage(pair) for pair in pairs], [passage(hide_name(pair)) for pair in pairs])
    return Collection(*([bag_of(counter, text) for text in column] for column in texts))


def drawn_pairs(examples: Examples, chance: np.random.Generator) -> Ints:
    """Places of the pairs of one round."""
    found = []
    for group in np.unique(examples.groups):
        places = np.flatnonzero(examples.groups == group)
        most = int(OF_LANGUAGE * SHARES[str(group).split()[1]])
        found.append(places if len(places) <= most else chance.choice(places, most, replace=False))
    return np.concatenate(found)


def blocks_of(packages: NDArray[np.str_], places: Ints, chance: np.random.Generator) -> list[Ints]:
    """In blocks of one package, put together at random to batches of the same size; what remains is left for another round."""
    groups: dict[str, list[int]] = defaultdict(list)
    for place in chance.permutation(places):
        groups[str(packages[place])].append(int(place))
    blocks = [group[start : start + OF_ONE_PACKAGE] for group in groups.values() for start in range(0, len(group), OF_ONE_PACKAGE)]
    order = np.concatenate([blocks[number] for number in chance.permutation(len(blocks))])
    return [order[start : start + BATCH] for start in range(0, len(order) - BATCH + 1, BATCH)]


def asked_differently(bags: tuple[Ints, Floats, Ints], ways: Sequence[Bag], chance: np.random.Generator) -> tuple[Ints, Floats, Ints]:
    """Some of the questions with a way of asking before them."""
    rows, counts, offsets = bags
    chosen = [ways[int(chance.integers(len(ways)))] if chance.random() < ASKED else None for _ in offsets]
    before = [(place, way) for place, way in zip(offsets, chosen, strict=True) if way]
    at = np.repeat([place for place, _ in before], [len(way[0]) for _, way in before])
    added = np.cumsum([0, *(len(way[0]) if way else 0 for way in chosen[:-1])])
    rows = np.insert(rows, at, np.concatenate([way[0] for _, way in before]))
    counts = np.insert(counts, at, np.concatenate([way[1] for _, way in before]))
    return rows, counts, offsets + added


def loss_of(
    words: Words, examples: Examples, batch: Ints, ways: Sequence[Bag], chance: np.random.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    questions = asked_differently(examples.questions.take(batch), ways, chance)
    meaning = meaning_loss(words, questions, examples.passages.take(batch))
    starts = chance.choice(len(batch) // BLOCK, BLOCKS, replace=False) * BLOCK
    compared = np.concatenate([batch[start : start + BLOCK] for start in starts])
    asked = drawn(examples.questions, compared, MOST_ASKED, chance).reshape(BLOCKS, BLOCK, -1)
    shown = drawn(examples.passages, compared, MOST_SHOWN, chance).reshape(BLOCKS, BLOCK, -1)
    return meaning, likeness_loss(words, asked, shown)


@torch.no_grad()
def quality(words: Words, collections: list[Collection]) -> tuple[float, float]:
    """Mean nDCG@10 over packages, names shown and hidden."""
    found = []
    for one in collections:
        questions = words.embed(one.questions, words.query).numpy()
        found.append([ndcg_at_10(questions, words.embed(bags, words.document).numpy()) for bags in (one.shown, one.hidden)])
    shown, hidden = np.mean(found, axis=0)
    return float(shown), float(hidden)


def train(words: Words, examples: Examples, collections: list[Collection], ways: Sequence[Bag], *, rounds: int, likeness: float) -> Words:
    """The state with the best quality on the packages left out."""
    chance = np.random.default_rng(1)
    optimiser = torch.optim.Adam(
        [{"params": [words.rows], "lr": ROW_RATE}, {"params": [words.document, words.query], "lr": WEIGHT_RATE}],
        betas=(0.9, 0.98),
        fused=True,
    )
    steps = rounds * len(blocks_of(examples.packages, drawn_pairs(examples, chance), chance))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: min(1, (step + 1) / 50) * max(0.03, 1 - step / steps))
    best, best_quality = copy.deepcopy(words.state_dict()), quality(words, collections)
    print(f"{steps} steps; start: {best_quality}", flush=True)
    for number in range(rounds):
        losses = []
        for batch in blocks_of(examples.packages, drawn_pairs(examples, chance), chance):
            meaning, alike = loss_of(words, examples, batch, ways, chance)
            optimiser.zero_grad()
            (meaning + likeness * alike).backward()
            optimiser.step()
            schedule.step()
            losses.append((meaning.item(), alike.item()))
        now = quality(words, collections)
        print(f"round {number}: losses {np.mean(losses, axis=0)}, left-out packages {now}", flush=True)
        if sum(now) > sum(best_quality):
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


def averaged(start: Table, trained: Table, kept: float) -> Table:
    """Between the two: `kept` of the start.

    What training forgets comes back, and most of what it taught stays.
    Source: Wortsman et al., "Robust fine-tuning of zero-shot models" (2022).
    """

    def geometric(one: Floats, other: Floats) -> Floats:
        logarithms: Floats = kept * np.log(one + LEAST_WEIGHT) + (1 - kept) * np.log(other + LEAST_WEIGHT)
        return np.exp(logarithms).astype(np.float32)

    return Table(
        words=trained.words,
        costs=trained.costs,
        rows=(kept * start.rows + (1 - kept) * trained.rows).astype(np.float32),
        document_weights=geometric(start.document_weights, trained.document_weights),
        query_weights=geometric(start.query_weights, trained.query_weights),
        buckets=trained.buckets,
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


def left_out_collections(pairs: Path, counter: RowCounter) -> list[Collection]:
    groups = collections_of([pair for pair in pairs_in(pairs) if is_left_out(pair.package) and pair.kind == "comment"])
    kept = [group for group in groups if len(group) >= LEAST_FUNCTIONS]
    print("left out to choose the round:", *sorted(group[0].package for group in kept))
    return [collection_of(group, counter) for group in kept]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mined", type=Path, required=True)
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--model", default="aelus-words-3")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--likeness", type=float, default=LIKENESS)
    parser.add_argument("--kept", type=float, default=0.0, help="share of the start in the result, where that was trained already")
    arguments = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(arguments.threads)
    table = read_table(arguments.start)
    counter = RowCounter(as_word_table(table), 500_000)
    mined = arguments.mined / "pairs-train.jsonl"
    examples = remembered_examples(mined, counter, table.words)
    print(len(examples.groups), "pairs:", Counter(examples.groups.tolist()))
    collections = left_out_collections(mined, counter)
    ways = [bag_of(counter, text) for text in WAYS_OF_ASKING]
    words = train(Words(table), examples, collections, ways, rounds=arguments.rounds, likeness=arguments.likeness)
    write_table(averaged(table, trained_table(table, words), arguments.kept), arguments.model, arguments.out)


if __name__ == "__main__":
    main()
