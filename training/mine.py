"""Reads the corpus once: `python training/mine.py --corpus FOLDER --deny FILE --into FOLDER`.

Writes `words.json` (word → share of all words, code and prose apart, every language counting the same), `pairs-{train,held_out}.jsonl` and
`packages-{train,held_out}.tsv`. What a package gave is kept in `kept-*`, so that a run that was stopped goes on; after a change of the
mining, remove those folders.
"""

from __future__ import annotations

import argparse
import json
import pickle
import random
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import Pool
from pathlib import Path
from typing import cast

from aelus.adapters.offline.splitting import MAX_WORD, parts
from fetch import JUDGED, read_names
from licences import licence_of, may_be_mined
from pairs import Pair, pairs_of
from sources import RARE, Reserved, read_sources

MAX_OF_PACKAGE = 4_000
"""Pairs of one kind and language, and `MAX_OF_RARE` of the languages that few packages have much of."""
MAX_OF_RARE = 20_000
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

    words: dict[str, Counter[str]] = field(default_factory=dict)
    """By language; those of comments under `prose`."""
    pairs: list[Pair] = field(default_factory=list)
    files: int = 0


def mine_package(package: Path, reserved: Reserved) -> Mined:
    mined = Mined()
    for source in read_sources(package, reserved):
        found = [] if source.language == "prose" else list(pairs_of(source))
        mined.pairs += found
        mined.files += 1
        count_words(source.text, mined.words.setdefault(source.language, Counter()))
        for pair in found:
            if pair.shows_name:
                count_words(pair.query, mined.words.setdefault("prose", Counter()))
    return mined


def mine_once(package: Path, reserved: Reserved, kept: Path) -> Mined:
    """As `mine_package`, from the file that an earlier run left."""
    file = kept / f"{package.name}.pickle"
    if file.exists():
        return cast("Mined", pickle.loads(file.read_bytes()))  # noqa: S301 -- written here
    mined = mine_package(package, reserved)
    partial_file = file.with_suffix(".partial")
    partial_file.write_bytes(pickle.dumps(mined))
    partial_file.rename(file)
    return mined


def mine_all(split: Path, mine: Callable[[Path], Mined], processes: int) -> Iterator[tuple[str, str, Mined]]:
    """Packages in order of their names, with their licences."""
    packages = sorted(path for path in split.iterdir() if path.is_dir() and path.suffix != ".partial")
    licences = {package: licence for package in packages if may_be_mined(licence := licence_of(package))}
    for package in set(packages) - set(licences):
        print("left out for its licence:", package.name)
    with Pool(processes) as pool:
        for (package, licence), mined in zip(licences.items(), pool.imap(mine, licences), strict=True):
            yield package.name.replace("__", "/"), licence, mined


class PairFile:
    """Writes pairs as lines of JSON: at most so many of one kind from a package, none twice."""

    def __init__(self, path: Path) -> None:
        self._opened = path.open("w", encoding="utf-8")
        self._seen: set[int] = set()
        self.counts: Counter[tuple[str, str]] = Counter()

    def add(self, pairs: Sequence[Pair]) -> Counter[tuple[str, str]]:
        """How many were taken, by language and kind."""
        taken: Counter[tuple[str, str]] = Counter()
        chosen = random.Random(len(pairs)).sample(pairs, len(pairs))
        for pair in chosen:
            group, key = (pair.language, pair.kind), hash((pair.query.lower(), pair.body[:400]))
            if key in self._seen or taken[group] >= (MAX_OF_RARE if pair.language in RARE else MAX_OF_PACKAGE):
                continue
            self._seen.add(key)
            taken[group] += 1
            self._opened.write(json.dumps([pair.query, pair.name, pair.path, pair.body, pair.language, pair.package, pair.kind]) + "\n")
        self.counts.update(taken)
        return taken

    def close(self) -> None:
        self._opened.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--deny", type=Path)
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    judged = {name for half in tomllib.loads(JUDGED.read_text(encoding="utf-8")).values() for name in half}
    reserved = Reserved(read_names(arguments.deny) - {"lua"}, judged, arguments.corpus / "judged")
    arguments.into.mkdir(parents=True, exist_ok=True)
    for split in ("train", "held_out"):
        file, words, spread = PairFile(arguments.into / f"pairs-{split}.jsonl"), defaultdict[str, Counter[str]](Counter), Counter[str]()
        listed = [("package", "licence", "files", "pairs")]
        kept = arguments.into / f"kept-{split}"
        kept.mkdir(exist_ok=True)
        mine = partial(mine_once, reserved=reserved, kept=kept)
        for name, licence, mined in mine_all(arguments.corpus / split, mine, arguments.processes):
            taken = file.add(mined.pairs)
            listed.append((name, licence, str(mined.files), str(taken.total())))
            spread.update({word for language, counted in mined.words.items() if language != "prose" for word in counted})
            for language, counted in mined.words.items():
                words[language].update(counted)
        file.close()
        (arguments.into / f"packages-{split}.tsv").write_text("".join("\t".join(row) + "\n" for row in listed), encoding="utf-8")
        if split == "train":
            prose = words.pop("prose", Counter())
            kept = {"code": shares(words.values()), "prose": shares([prose]), "packages": spread}
            (arguments.into / "words.json").write_text(json.dumps(kept), encoding="utf-8")
        print(
            split, file.counts.total(), *(f"{language} {kind} {count}" for (language, kind), count in file.counts.most_common()), sep="\n"
        )


if __name__ == "__main__":
    main()
