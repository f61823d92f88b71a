"""Cost of the facts over the bare parse: `python benchmarks/extract.py [FOLDER]`, by default the Python standard library.

One core, in this process. For each file the best of several rounds counts, parsing and extraction taking turns, so that a busy machine
harms both alike.
"""

from __future__ import annotations

import gc
import marshal
import sys
import sysconfig
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from tree_sitter import Parser

from aelus.adapters.treesitter import Limits, TreesitterParser
from aelus.adapters.treesitter.room import room
from aelus.adapters.treesitter.work import plain_outcome
from aelus.domain.facts_codec import from_plain
from corpus import code_language_of
from machine import describe, table

ROUNDS = 3
LIMITS = Limits()
Source = tuple[str, bytes]


def sources(folder: Path) -> list[Source]:
    language_of = code_language_of(TreesitterParser(jobs=0))
    found = ((language_of(path.name), path) for path in sorted(folder.rglob("*.*")) if "site-packages" not in path.parts)
    return [(language, path.read_bytes()) for language, path in found if language and path.is_file()]


def bare(source: Source) -> None:
    Parser(room(source[0]).grammar).parse(source[1])


def extract(source: Source) -> bytes:
    return marshal.dumps(plain_outcome(*source, LIMITS))


def decode(answer: bytes) -> None:
    plain, _, _ = marshal.loads(answer)  # noqa: S302 - made here
    if plain is not None:
        from_plain(plain)


def timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def measure(source: Source) -> tuple[float, float, float]:
    """Best seconds of the bare parse, of parse and extraction, and of decoding."""
    answer = extract(source)
    rounds = [(timed(lambda: bare(source)), timed(lambda: extract(source)), timed(lambda: decode(answer))) for _ in range(ROUNDS)]
    gc.collect()
    return min(r[0] for r in rounds), min(r[1] for r in rounds), min(r[2] for r in rounds)


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else sysconfig.get_path("stdlib"))
    gc.disable()
    totals: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
    for source in sources(folder):
        figures = (source[1].count(b"\n"), *measure(source))
        totals[source[0]] = [total + figure for total, figure in zip(totals[source[0]], figures, strict=True)]
    print(describe())
    for language, (lines, parsing, extraction, decoding) in totals.items():
        print(language)
        print(
            table(
                [
                    ("lines", f"{lines:,.0f}"),
                    ("bare parse", f"{lines / parsing:,.0f} lines/s"),
                    ("parse and extraction", f"{lines / extraction:,.0f} lines/s"),
                    ("ratio", f"{extraction / parsing:.2f}"),
                    ("decoding", f"{decoding / lines * 1e6:.2f} microseconds a line"),
                ]
            )
        )


if __name__ == "__main__":
    main()
