"""Comment → function on packages that were not mined: `python training/evaluate.py --mined FOLDER`.

Prints nDCG@10 of a random order, of hashed bags of words, and of the table, with names and paths
shown and hidden. One package is one collection;
a question's only right answer is the function that its comment stands over.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from aelus.adapters.offline import OfflineEmbedder
from aelus.adapters.offline.splitting import parts
from aelus.adapters.offline.table import load_table
from pairs import Pair, hide_name, passage

MAX_OF_PACKAGE = 400
HASHED = 4096

Vectors = NDArray[np.floating]
Side = Literal["question", "passage"]
Embed = Callable[[list[str], Side], Vectors]


def read_pairs(path: Path) -> list[Pair]:
    with path.open(encoding="utf-8") as lines:
        return [Pair(*json.loads(line)) for line in lines]


def collections_of(pairs: list[Pair]) -> list[list[Pair]]:
    groups: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        if pair.kind == "comment":
            groups[pair.package].append(pair)
    return [random.Random(1).sample(group, min(MAX_OF_PACKAGE, len(group))) for group in groups.values()]


TOP = 10


def ndcg_at_10(questions: Vectors, passages: Vectors) -> float:
    scores = questions @ passages.T
    own = np.diagonal(scores)[:, None]
    ranks = (scores > own).sum(1) + (scores == own).sum(1) / 2 - 0.5
    return float(np.where(ranks < TOP, 1 / np.log2(ranks + 2), 0).mean())


def hashed(texts: list[str], _side: Side) -> Vectors:
    vectors = np.zeros((len(texts), HASHED), np.float32)
    for row, text in enumerate(texts):
        for part, times in Counter(part for word in re.findall(r"\w+", text) for part in parts(word)).items():
            vectors[row, zlib.crc32(part.encode()) % HASHED] += np.log1p(times)
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True).clip(1e-9)
    return unit


def chance(texts: list[str], side: Side) -> Vectors:
    vectors = np.random.default_rng(len(side)).normal(size=(len(texts), 64))
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def offline(texts: list[str], side: Side) -> Vectors:
    embedder = OfflineEmbedder()

    async def all_of_them() -> list[object]:
        return [await embedder.embed_query(text) for text in texts] if side == "question" else list(await embedder.embed_documents(texts))

    return np.array(asyncio.run(all_of_them()), np.float32)


def measure(embed: Embed, collections: list[list[Pair]], show: Callable[[Pair], Pair]) -> dict[str, float]:
    """nDCG@10 by package."""
    found = {}
    for pairs in collections:
        shown = list(map(show, pairs))
        questions = embed([pair.query for pair in shown], "question")
        found[pairs[0].package] = ndcg_at_10(questions, embed([passage(pair) for pair in shown], "passage"))
    return found


ALIKE = """delete remove, create make, fetch get, begin start, finish end, error failure, directory folder, parameter argument, quit exit,
erase clear, choose select, path filename, string text, array list, dictionary map, send transmit, receive get, check verify, close shut,
parse read, print write, sort order, merge combine, split divide, find search, store save, load read, invoke call, execute run, halt stop,
height size, width size, copy clone, modify change, update refresh, allow permit, forbid deny, encrypt cipher, wait sleep, user account,
socket connection, thread process, queue buffer, log record, retry again, timeout deadline, token key, compare equal, random shuffle"""
"""Words of code that often answer for each other."""
COMMON = 5_000
NEAR = 20


def share_alike() -> float:
    """Of the pairs in `ALIKE`, those whose second word is among the `NEAR` likest of the common words to the first."""
    table = load_table()
    vectors = table.rows[:COMMON].astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    pairs = [tuple(table.ids.get(word, COMMON) for word in pair.split()) for pair in ALIKE.replace("\n", " ").split(",")]
    known = [(one, other) for one, other in pairs if max(one, other) < COMMON]
    return float(np.mean([(vectors @ vectors[one] > vectors[other] @ vectors[one]).sum() <= NEAR for one, other in known]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mined", type=Path, required=True)
    collections = collections_of(read_pairs(parser.parse_args().mined / "pairs-held_out.jsonl"))
    print(f"{'':30}" + "".join(f"{pairs[0].package[:14]:>16}" for pairs in collections) + f"{'mean':>10}")
    print(f"{'functions':30}" + "".join(f"{len(pairs):16}" for pairs in collections))
    for note, show in (("", lambda pair: pair), (", no names", hide_name)):
        for name, embed in (("random", chance), ("hashed bag of words", hashed), ("offline", offline)):
            found = measure(embed, collections, show)
            print(f"{name + note:30}" + "".join(f"{v:16.3f}" for v in found.values()) + f"{np.mean(list(found.values())):10.3f}")
    print(f"words that answer for each other, within the {NEAR} likest: {share_alike():.2f}")


if __name__ == "__main__":
    main()
