"""Reads the corpus once: `python training/mine.py --corpus FOLDER --deny FILE --into FOLDER`.

Writes `words.json` (word → share of all words, code and prose apart, every language counting the same) and `pairs-{train,held_out}.jsonl`.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from multiprocessing import Pool
from pathlib import Path

from aelus.adapters.offline.splitting import MAX_WORD, parts
from fetch import read_names
from pairs import Pair, pairs_of
from sources import read_sources

MAX_OF_PACKAGE = 5_000
"""Pairs of one kind."""
PROCESSES = 2
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


@dataclass
class Mined:
    """What one package gives."""

    words: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """By language; those of comments under `prose`."""
    pairs: list[Pair] = field(default_factory=list)


def mine_package(package: Path, reserved: set[str], *, counting: bool) -> Mined:
    mined = Mined()
    for source in read_sources(package, reserved):
        found = [] if source.language == "prose" else list(pairs_of(source))
        mined.pairs += found
        if counting:
            count_words(source.text, mined.words[source.language])
            for pair in found:
                if pair.shows_name:
                    count_words(pair.query, mined.words["prose"])
    return mined


def mine_all(split: Path, reserved: set[str], *, counting: bool) -> Iterator[Mined]:
    """Packages in order of their names."""
    packages = sorted(path for path in split.iterdir() if path.is_dir() and path.suffix != ".partial")
    with Pool(PROCESSES) as pool:
        yield from pool.imap(partial(mine_package, reserved=reserved, counting=counting), packages)


class PairFile:
    """Writes pairs as lines of JSON: at most so many of one kind from a package, none twice."""

    def __init__(self, path: Path) -> None:
        self._opened = path.open("w", encoding="utf-8")
        self._seen: set[int] = set()
        self.counts: Counter[tuple[str, str]] = Counter()

    def add(self, pairs: Sequence[Pair]) -> None:
        per_kind: Counter[str] = Counter()
        chosen = random.Random(len(pairs)).sample(pairs, len(pairs))
        for pair in chosen:
            kind, key = pair.kind, hash((pair.query.lower(), pair.body[:400]))
            if key in self._seen or per_kind[kind] >= MAX_OF_PACKAGE:
                continue
            self._seen.add(key)
            per_kind[kind] += 1
            self.counts[pair.language, kind] += 1
            self._opened.write(json.dumps(asdict(pair)) + "\n")

    def close(self) -> None:
        self._opened.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--deny", type=Path)
    parser.add_argument("--into", type=Path, required=True)
    arguments = parser.parse_args()
    reserved = read_names(arguments.deny) - {"lua"}
    arguments.into.mkdir(parents=True, exist_ok=True)
    for split in ("train", "held_out"):
        file, words, spread = PairFile(arguments.into / f"pairs-{split}.jsonl"), defaultdict[str, Counter[str]](Counter), Counter[str]()
        for mined in mine_all(arguments.corpus / split, reserved, counting=split == "train"):
            file.add(mined.pairs)
            spread.update({word for language, counted in mined.words.items() if language != "prose" for word in counted})
            for language, counted in mined.words.items():
                words[language].update(counted)
        file.close()
        if split == "train":
            prose = words.pop("prose", Counter())
            kept = {"code": shares(words.values()), "prose": shares([prose]), "packages": spread}
            (arguments.into / "words.json").write_text(json.dumps(kept), encoding="utf-8")
        print(
            split, file.counts.total(), *(f"{language} {kind} {count}" for (language, kind), count in file.counts.most_common()), sep="\n"
        )


if __name__ == "__main__":
    main()
