"""`aelus index`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence

import orjson

from aelus.application.assess_impact import FOLLOWED_IN_PART
from aelus.application.reports import IndexReport, unread_files
from aelus.domain.jobs import MAX_NAMED_PATHS
from aelus.entrypoints.cli.left_out import MOST_NAMED, left_out_text, unread_lines
from aelus.entrypoints.cli.memory import PeakMemory, without_collector
from aelus.entrypoints.cli.progress import shown_progress
from aelus.entrypoints.cli.service import TENANT, service
from aelus.entrypoints.cli.terminal import Painter, printable
from aelus.entrypoints.locations import absolute_location


async def run(given: argparse.Namespace) -> None:
    with without_collector(), PeakMemory() as memory:
        async with service() as use:
            with shown_progress(quiet=given.json) as report:
                found = await use.index_location()(
                    TENANT, absolute_location(given.location), name=given.name, branch=given.branch, report=report, dry_run=given.dry_run
                )
    if given.json:
        sys.stdout.buffer.write(orjson.dumps(index_object(found, memory.peak_bytes), option=orjson.OPT_APPEND_NEWLINE))
    else:
        print("\n".join(dry_run_lines(found) if given.dry_run else index_lines(found, memory.peak_bytes)))


def index_object(report: IndexReport, peak_memory_bytes: int) -> Mapping[str, object]:
    """What `--json` prints.

    `skipped` counts files and left-out folders, `unread` names those that could not be read, `followed_in_part` counts calls that are, by
    file (100 at most); `seconds` of stages that overlap add up to more than `total`.
    """
    counts, changes, written = report.counts, report.changes, report.written
    return {
        "repository": report.repository,
        "commit": report.commit,
        "files": counts.files,
        "lines": counts.lines,
        "nodes": counts.nodes,
        "edges": counts.edges,
        "chunks": counts.chunks,
        "skipped": counts.skipped,
        "skipped_reasons": report.skipped,
        "unread": {file.path: file.reason.value for file in unread_files(report.skipped_files)},
        "changes": {"added": len(changes.added), "changed": len(changes.changed), "removed": len(changes.removed)},
        "written": {"nodes": written.nodes, "edges": written.edges, "chunks": written.chunks},
        "truncated": report.truncated,
        "followed_in_part": dict(report.given_up[:MAX_NAMED_PATHS]),
        "seconds": {stage: round(seconds, 4) for stage, seconds in report.seconds.items()},
        "peak_memory_bytes": peak_memory_bytes,
    }


def index_lines(report: IndexReport, peak_bytes: int) -> list[str]:
    """What people are told of a run."""
    paint, counts = Painter(), report.counts
    seconds = report.seconds["total"]
    name = paint(printable(report.repository), "strong") + (f" at {report.commit[:12]}" if report.commit else "")
    figures = ", ".join(f"{getattr(counts, what):,} {what}" for what in ("files", "lines", "nodes", "edges", "chunks"))
    lines = [
        f"{name}: {figures}",
        f"  {written_text(report)}, in {seconds:.1f} s; {peak_bytes / 2**20:,.0f} MiB at the peak",
    ]
    if report.skipped:
        lines.append(f"  left out: {left_out_text(report.skipped)}; `aelus repos left-out {printable(report.repository)}` lists them")
    lines += [paint(f"  {line}", "warn") for line in unread_lines(unread_files(report.skipped_files))]
    if report.truncated:
        lines.append(paint(f"  {FOLLOWED_IN_PART}{_places(report.given_up)}", "warn"))
    return lines


def _places(given_up: Sequence[tuple[str, int]]) -> str:
    """`: 3 in lib/a.py, 1 in b.py, 2 in other files`; nothing where they are not known."""
    named = [f"{count:,} in {printable(path)}" for path, count in given_up[:MOST_NAMED]]
    others = sum(count for _, count in given_up[MOST_NAMED:])
    return f": {', '.join([*named, *([f'{others:,} in other files'] if others else [])])}" if named else ""


def dry_run_lines(report: IndexReport) -> list[str]:
    """What a run would change: a sign and a path a line."""
    counts, changes = report.counts, report.changes
    signs = {"+": changes.added, "~": changes.changed, "-": changes.removed}
    lines = [f"{sign} {printable(path)}" for sign, paths in signs.items() for path in paths]
    total = f"{len(changes.added):,} files to add, {len(changes.changed):,} to change, {len(changes.removed):,} to remove"
    figures = ", ".join(f"{getattr(counts, what):,} {what}" for what in ("files", "lines", "nodes", "edges", "chunks"))
    return [*lines, f"{total}; the index would hold {figures}", "nothing was written"]


def written_text(report: IndexReport) -> str:
    """How much of the stored index has changed."""
    if report.up_to_date:
        return "nothing had changed, nothing was written"
    written = report.written
    return f"written: {written.nodes:,} nodes, {written.edges:,} edges, {written.chunks:,} chunks"
