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
from evaluation.questions import KINDS
from evaluation.trial import Trial, trials_of
from evaluation.variants import ALL, Variant, variants

PARTS = {"fresh": "Fresh packages", "learning": "Packages that weights are learnt on"}
WRITTEN = "all written together"
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


def together(found: Mapping[Asked, Sequence[Quality]]) -> dict[Asked, Sequence[Quality]]:
    """With all written questions once more, as one kind."""
    written: dict[Asked, list[Quality]] = defaultdict(list)
    for (kind, language), qualities in found.items():
        if kind in KINDS.values():
            written[WRITTEN, language] += qualities
    return {**written, **found}


def by_kind(found: Mapping[Asked, Sequence[Quality]]) -> dict[str, Quality]:
    kinds: dict[str, list[Quality]] = defaultdict(list)
    for (kind, _), qualities in together(found).items():
        kinds[kind] += qualities
    return {kind: mean(qualities) for kind, qualities in kinds.items()}


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
    asked = together(found)
    kinds, languages = (list(dict.fromkeys(column)) for column in zip(*asked, strict=True))
    lines = [*head("language", *kinds)]
    for language in languages:
        cells = (both(mean(asked[kind, language])) if (kind, language) in asked else "" for kind in kinds)
        lines.append(row(language, *cells))
    lines += ["", *head("kind", "questions", "MRR", *(f"recall@{depth}" for depth in RECALLS))]
    for kind, quality in by_kind(found).items():
        count = sum(len(qualities) for (other, _), qualities in asked.items() if other == kind)
        lines.append(row(kind, str(count), f"{quality.reciprocal_rank:.3f}", *(f"{share:.3f}" for share in quality.recall)))
    return lines


async def judge(part: str, corpus: Path) -> list[str]:
    """The section of one part of the packages; those that only descriptions are learnt from are left alone."""
    embedder, results = OfflineEmbedder(), dict[str, dict[str, Quality]]()
    trials: list[Trial] = []
    for package in read_packages():
        if package.part == part and (package.has_questions or package.has_changes):
            print(package.name, file=sys.stderr, flush=True)
            trials += await trials_of(package, corpus, documented=True)
    for variant in variants():
        found = await asked(trials, embedder, variant)
        results[variant.name] = by_kind(found)
        print(variant.name, *map(both, results[variant.name].values()), file=sys.stderr, flush=True)
        if variant.name.endswith(f"= {ALL}"):
            chosen = found
    return [
        f"## {PARTS[part]}",
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
    parser.add_argument("--part", choices=PARTS, action="append", help="only this part, printed instead of written")
    arguments = parser.parse_args()
    lines = ["# How search does", "", "Written by `make eval`; [docs/search.md](../../docs/search.md) explains it.", ""]
    for part in arguments.part or PARTS:
        lines += await judge(part, arguments.corpus)
    text = "\n".join(lines).rstrip() + "\n"
    if arguments.part:
        print(text)
    else:
        SUMMARY.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
