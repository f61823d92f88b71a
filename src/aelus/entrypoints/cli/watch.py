"""`aelus watch`."""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import datetime

import orjson

from aelus.application.reports import IndexReport
from aelus.entrypoints.cli.index import index_lines, index_object, written_text
from aelus.entrypoints.cli.memory import PeakMemory
from aelus.entrypoints.cli.progress import shown_progress
from aelus.entrypoints.cli.service import TENANT, service
from aelus.entrypoints.cli.terminal import Painter, printable
from aelus.entrypoints.locations import absolute_location
from aelus.entrypoints.worker import until_signal


async def run(given: argparse.Namespace) -> None:
    stop = asyncio.Event()
    async with until_signal(stop):
        watching, stopping = asyncio.ensure_future(_watch(given)), asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait([watching, stopping], return_when=asyncio.FIRST_COMPLETED)
            if watching.done():
                watching.result()
        finally:
            for task in (watching, stopping):
                task.cancel()
            await asyncio.wait([watching, stopping])


async def _watch(given: argparse.Namespace) -> None:
    first = True
    with PeakMemory() as memory:
        async with service() as use:
            with shown_progress(quiet=given.json) as progress:
                reports = use.watch_folder()(TENANT, absolute_location(given.folder), name=given.name, report=progress)
                found = await anext(reports)
            while True:
                _show(found, memory.peak_bytes, first=first, as_json=given.json)
                first = False
                found = await anext(reports)


def _show(report: IndexReport, peak_bytes: int, *, first: bool, as_json: bool) -> None:
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(index_object(report, peak_bytes), option=orjson.OPT_APPEND_NEWLINE))
        sys.stdout.buffer.flush()
    elif first:
        print("\n".join(index_lines(report, peak_bytes)))
        print("Watching. What is saved is searchable a moment later; Ctrl-C stops.", flush=True)
    elif not report.up_to_date:
        name = Painter()(printable(report.repository), "strong")
        print(f"{datetime.now().astimezone():%H:%M:%S} {name}: {written_text(report)}, in {report.seconds['total']:.1f} s", flush=True)
