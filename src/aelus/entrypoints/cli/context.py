"""`aelus context`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping

from aelus.domain.context_pack import ContextPack, Passage, Source
from aelus.domain.search import SearchFilter
from aelus.entrypoints.cli.graph_lines import json_line
from aelus.entrypoints.cli.search import say_note
from aelus.entrypoints.cli.service import TENANT, service
from aelus.entrypoints.cli.terminal import printable


async def run(given: argparse.Namespace) -> None:
    question = " ".join(given.query)
    async with service() as use:
        repositories = await use.find_repositories()(TENANT, given.repo)
        where = SearchFilter(repositories=repositories, languages=tuple(given.lang), kinds=tuple(given.kind), path=given.path)
        pack = use.pack_context()
        found = await pack(TENANT, question, where=where, max_tokens=given.max_tokens, neighbours=not given.no_neighbours)
    if given.json:
        sys.stdout.buffer.write(json_line(pack_object(found)))
    elif found.passages:
        print(printable(found.text), end="")
    else:
        say_note(found.text.strip())


def pack_object(pack: ContextPack) -> Mapping[str, object]:
    """What `--json` prints. `tokens` is an estimate from above."""
    names = {source.repository_id: source.repository for source in pack.sources}
    return {
        "question": pack.question,
        "max_tokens": pack.max_tokens,
        "tokens": pack.tokens,
        "sources": [_source_object(source) for source in pack.sources],
        "passages": [_passage_object(passage, names[passage.candidate.repository_id]) for passage in pack.passages],
        "left_out": [{"citation": one.citation, "qualified_name": one.qualified_name, "role": one.role} for one in pack.left_out],
    }


def _source_object(source: Source) -> Mapping[str, object]:
    return {
        "repository": source.repository,
        "commit": source.commit,
        "version": source.version,
        "indexed_at": source.indexed_at.isoformat(),
        "files": source.files,
        "skipped": source.skipped,
        "unread": source.unread,
        "truncated": source.truncated,
    }


def _passage_object(passage: Passage, repository: str) -> Mapping[str, object]:
    candidate, shown = passage.candidate, passage.shown
    return {
        "citation": passage.citation,
        "repository": repository,
        "path": candidate.path,
        "start_line": shown.start_line,
        "end_line": shown.end_line,
        "kind": candidate.kind,
        "qualified_name": candidate.qualified_name,
        "node_id": candidate.node_id,
        "role": candidate.role,
        "relates_to": candidate.relates_to,
        "form": shown.form,
        "text": shown.text,
    }
