"""`aelus search`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping

from aelus.domain.search import Grouping, Hit, SearchFilter
from aelus.domain.snippets import snippet
from aelus.entrypoints.cli.graph_lines import json_line
from aelus.entrypoints.cli.service import TENANT, service
from aelus.entrypoints.cli.terminal import Painter, printable

SHOWN_LINES = 6


async def run(given: argparse.Namespace) -> None:
    query = " ".join(given.query)
    async with service() as use:
        repositories = await use.find_repositories()(TENANT, given.repo)
        where = SearchFilter(repositories=repositories, languages=tuple(given.lang), kinds=tuple(given.kind), path=given.path)
        found = await use.answer_search()(TENANT, query, where=where, limit=given.k, group=Grouping(given.group))
    say_note(found.note)
    if given.json:
        sys.stdout.buffer.writelines(json_line(hit_object(hit, query)) for hit in found.hits)
        return
    for number, hit in enumerate(found.hits, 1):
        print(_block(number, hit, query, Painter()))


def say_note(note: str) -> None:
    """Beside the answer, so that what reads that is not disturbed."""
    if note:
        print(f"aelus: {printable(note)}", file=sys.stderr)


def hit_object(hit: Hit, query: str) -> Mapping[str, object]:
    """One line of `--json`. The lines are the passage's; `snippet` is the part of it that answers best."""
    chunk = hit.chunk
    return {
        "repository": hit.repository,
        "path": chunk.path,
        "start_line": chunk.start_line,
        "end_line": chunk.end_line,
        "score": hit.score,
        "kind": chunk.kind,
        "qualified_name": chunk.qualified_name,
        "snippet": snippet(chunk, query).text,
    }


def _block(number: int, hit: Hit, query: str, paint: Painter) -> str:
    chunk = hit.chunk
    place = paint(printable(f"{chunk.path}:{chunk.start_line}-{chunk.end_line}"), "path")
    head = f"{number:>2}. {place}  {paint(printable(chunk.qualified_name), 'strong')}"
    about = paint(f"    {printable(hit.repository)}, {chunk.kind}, score {hit.score:.3f} ({', '.join(hit.why)})", "faint")
    found = snippet(chunk, query, max_lines=SHOWN_LINES)
    code = [f"    {line:>5} | {printable(text)}" for line, text in enumerate(found.text.split("\n"), found.start_line)]
    return "\n".join((head, about, *code, ""))
