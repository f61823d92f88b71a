"""`aelus parse`."""

from __future__ import annotations

import argparse
import sys

from aelus.application.reports import ParsedFolder, unread_files
from aelus.entrypoints.cli.destination import destination
from aelus.entrypoints.cli.graph_lines import write_edges, write_nodes
from aelus.entrypoints.cli.left_out import left_out_text, unread_lines
from aelus.entrypoints.cli.memory import without_collector
from aelus.entrypoints.cli.progress import shown_progress
from aelus.entrypoints.container import open_parsing
from aelus.entrypoints.locations import absolute_location
from aelus.entrypoints.settings import load_settings


async def run(given: argparse.Namespace) -> None:
    with without_collector():
        await _parse(given)


async def _parse(given: argparse.Namespace) -> None:
    settings = load_settings(parser_processes=given.jobs) if given.jobs else load_settings()
    with destination(given.output) as output:
        with shown_progress(quiet=True) as report:
            async with open_parsing(settings) as parse:
                parsed = await parse(absolute_location(given.path), report=report)
        for file in parsed.graph.files.values():
            write_nodes(file.nodes, output)
        for file in parsed.graph.files.values():
            write_edges(file.edges, output)
    print(_summary(parsed), *unread_lines(unread_files(parsed.skipped_files)), sep="\naelus: ", file=sys.stderr)


def _summary(parsed: ParsedFolder) -> str:
    seconds = parsed.seconds["total"]
    left_out = left_out_text(parsed.skipped)
    speed = f"{parsed.files:,} files, {parsed.lines:,} lines in {seconds:.1f} s ({parsed.lines / max(seconds, 1e-9):,.0f} lines/s)"
    places = sum(count for _, count in parsed.graph.given_up)
    given_up = f"; {places:,} expressions hold more than is followed" if places else ""
    return f"aelus: {speed}" + (f"; left out: {left_out}" if left_out else "") + given_up
