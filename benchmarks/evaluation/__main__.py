"""Judge search on public packages: `make eval CORPUS=FOLDER`.

Packages are fetched into the folder once, and indexed once for each state of the code. The summary goes to `summary.md` beside this file.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from aelus.adapters.offline import OfflineEmbedder
from evaluation.metrics import RECALLS, Quality, mean
from evaluation.packages import HERE, read_packages
from evaluation.trial import Trial, trials_of
from evaluation.variants import ALL, Variant, variants

HALVES = ("development", "held_out")
SUMMARY = HERE / "summary.md"
Asked = tuple[str, str]
"""Kind of question, language of the package."""


async def asked(trials: Sequence[Trial], embedder: OfflineEmbedder, variant: Variant) -> dict[Asked, list[Quality]]:
    """Qualities of all questions."""
    found: dict[Asked, list[Quality]] = defaultdict(list)
    for trial in trials:
        for question, quality in zip(trial.questions, await trial.qualities(embedder, variant), strict=True):
            found[question.kind, trial.package.language].append(quality)
    return found


def by_kind(found: Mapping[Asked, Sequence[Quality]]) -> dict[str, Quality]:
    kinds = dict.fromkeys(kind for kind, _ in found)
    return {kind: mean([one for (other, _), qualities in found.items() if other == kind for one in qualities]) for kind in kinds}


def both(quality: Quality) -> str:
    return f"{quality.ndcg:.3f} {quality.ndcg_by_file:.3f}"


def row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def head(*cells: str) -> list[str]:
    return [row(*cells), row(*["---"] * len(cells))]


def ablation(results: Mapping[str, Mapping[str, Quality]]) -> list[str]:
    kinds = list(next(iter(results.values())))
    lines = ["nDCG@10 by line and by file:", "", *head("ranking", *kinds)]
    return lines + [row(name, *(both(qualities[kind]) for kind in kinds)) for name, qualities in results.items()]


def details(found: Mapping[Asked, Sequence[Quality]]) -> list[str]:
    kinds, languages = (list(dict.fromkeys(column)) for column in zip(*found, strict=True))
    lines = [*head("language", *kinds)]
    for language in languages:
        cells = (both(mean(found[kind, language])) if (kind, language) in found else "" for kind in kinds)
        lines.append(row(language, *cells))
    lines += ["", *head("kind", "questions", "MRR", *(f"recall@{depth}" for depth in RECALLS))]
    for kind, quality in by_kind(found).items():
        count = sum(len(qualities) for (other, _), qualities in found.items() if other == kind)
        lines.append(row(kind, str(count), f"{quality.reciprocal_rank:.3f}", *(f"{share:.3f}" for share in quality.recall)))
    return lines


async def judge(half: str, corpus: Path) -> list[str]:
    """The section of one half."""
    embedder, results = OfflineEmbedder(), dict[str, dict[str, Quality]]()
    trials: list[Trial] = []
    for package in read_packages():
        if package.half == half:
            print(package.name, file=sys.stderr, flush=True)
            trials += await trials_of(package, corpus, documented=True)
    for variant in variants():
        found = await asked(trials, embedder, variant)
        results[variant.name] = by_kind(found)
        print(variant.name, *map(both, results[variant.name].values()), file=sys.stderr, flush=True)
        if variant.name.endswith(f"= {ALL}"):
            chosen = found
    return [
        f"## {half.replace('_', ' ').capitalize()} half",
        "",
        *ablation(results),
        "",
        f"{ALL.capitalize()}, by language:",
        "",
        *details(chosen),
        "",
    ]


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, help="folder for the packages and their indexes")
    parser.add_argument("--half", choices=HALVES, action="append", help="only this half, printed instead of written")
    arguments = parser.parse_args()
    lines = ["# How search does", "", "Written by `make eval`; [docs/search.md](../../docs/search.md) explains it.", ""]
    for half in arguments.half or HALVES:
        lines += await judge(half, arguments.corpus)
    text = "\n".join(lines).rstrip() + "\n"
    if arguments.half:
        print(text)
    else:
        SUMMARY.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
