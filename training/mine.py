"""Reads the corpus once: `python training/mine.py --corpus FOLDER --deny FILE --into FOLDER`.

Writes `words.json` (word → share of all words, code and prose apart, every language counting the same) and `pairs-{train,held_out}.jsonl`.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from aelus.adapters.offline.splitting import MAX_WORD, parts
from fetch import read_names
from pairs import Pair, pairs_of
from sources import Source, read_sources

MAX_PAIRS_OF_PACKAGE = 6_000
_IDENTIFIER = re.compile(r"\w+")
_WORD = re.compile(r"[a-z]{2,24}|[0-9]{1,3}|[a-z]")


def count_words(text: str, into: Counter[str]) -> None:
    for identifier, times in Counter(_IDENTIFIER.findall(text)).items():
        for part in parts(identifier):
            if len(part) <= MAX_WORD and _WORD.fullmatch(part):
                into[part] += times


def shares(groups: Iterable[Counter[str]]) -> dict[str, float]:
    """Mean over the groups of a word's share, so that a large group does not drown a small one."""
    mean: defaultdict[str, float] = defaultdict(float)
    kept = [group for group in groups if group.total()]
    for group in kept:
        total = group.total() * len(kept)
        for word, times in group.items():
            mean[word] += times / total
    return dict(mean)


class Mine:
    def __init__(self) -> None:
        self.words: dict[str, Counter[str]] = defaultdict(Counter)
        self.spread: Counter[str] = Counter()
        self.pairs: list[Pair] = []
        self._package = ""
        self._of_package: Counter[str] = Counter()

    def add(self, source: Source, *, counting: bool) -> None:
        found = [] if source.language == "prose" else list(pairs_of(source))
        self.pairs += found
        if counting:
            self._enter(source.package)
            count_words(source.text, self.words[source.language])
            count_words(source.text, self._of_package)
            for pair in found:
                count_words(pair.query, self.words["prose"])

    def _enter(self, package: str) -> None:
        if package != self._package:
            self.spread.update(self._of_package.keys())
            self._package, self._of_package = package, Counter()


def write_pairs(pairs: list[Pair], path: Path) -> None:
    seen: set[tuple[str, str]] = set()
    per_package: Counter[str] = Counter()
    with path.open("w", encoding="utf-8") as opened:
        for pair in pairs:
            key = (pair.package, pair.query.lower())
            if key in seen or per_package[pair.package] >= MAX_PAIRS_OF_PACKAGE:
                continue
            seen.add(key)
            per_package[pair.package] += 1
            opened.write(json.dumps(asdict(pair)) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--deny", type=Path)
    parser.add_argument("--into", type=Path, required=True)
    arguments = parser.parse_args()
    reserved = read_names(arguments.deny) - {"lua"}
    arguments.into.mkdir(parents=True, exist_ok=True)
    for split in ("train", "held_out"):
        mine = Mine()
        for source in read_sources(arguments.corpus / split, reserved):
            mine.add(source, counting=split == "train")
        write_pairs(mine.pairs, arguments.into / f"pairs-{split}.jsonl")
        if split == "train":
            prose = mine.words.pop("prose", Counter())
            kept = {"code": shares(mine.words.values()), "prose": shares([prose]), "packages": mine.spread}
            (arguments.into / "words.json").write_text(json.dumps(kept), encoding="utf-8")
        print(split, len(mine.pairs), Counter(pair.language for pair in mine.pairs))


if __name__ == "__main__":
    main()
