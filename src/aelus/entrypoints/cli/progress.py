"""Showing how far indexing is: a live display on a terminal, one line for each stage elsewhere. Always on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aelus.application.progress import ProgressEvent, Report, ignore
from aelus.domain.jobs import Stage

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

MIN_INTERVAL_S = 0.05
VERBS = {
    Stage.READ: "reading",
    Stage.PARSE: "parsing",
    Stage.LINK: "linking",
    Stage.EMBED: "embedding",
    Stage.WRITE: "writing",
}
UNITS = {Stage.READ: "files", Stage.PARSE: "files", Stage.EMBED: "texts"}


@contextmanager
def shown_progress(*, quiet: bool) -> Iterator[Report]:
    """A report that is shown while the context is open; nowhere when `quiet` and not on a terminal."""
    if sys.stderr.isatty():
        with _live_display() as display:
            yield display
    else:
        yield ignore if quiet else StageLines()


class StageLines:
    """Says once that a stage begins."""

    def __init__(self) -> None:
        self._stage: Stage | None = None

    def __call__(self, event: ProgressEvent) -> None:
        if event.stage is self._stage or event.stage not in VERBS:
            return
        self._stage = event.stage
        amount = f" {event.total:,} {UNITS[event.stage]}" if event.total > 1 and event.stage in UNITS else ""
        print(f"aelus: {VERBS[event.stage]}{amount}", file=sys.stderr, flush=True)


class LiveStages:
    """A bar for each stage, made when the stage begins."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[Stage, TaskID] = {}
        self._last: dict[Stage, ProgressEvent] = {}
        self._shown_at = 0.0

    def __call__(self, event: ProgressEvent) -> None:
        self._last[event.stage] = event
        now = time.monotonic()
        if event.done >= event.total or event.stage not in self._tasks or now - self._shown_at >= MIN_INTERVAL_S:
            self._shown_at = now
            self._show(event)

    def _show(self, event: ProgressEvent) -> None:
        if event.stage not in VERBS:
            for stage, task in self._tasks.items():
                total = max(self._last[stage].total, 1)
                self._bars.update(task, completed=total, total=total)
            return
        if event.stage not in self._tasks:
            self._finish_those_before(event.stage)
            self._tasks[event.stage] = self._bars.add_task(VERBS[event.stage], total=None, unit=UNITS.get(event.stage, ""))
        self._bars.update(self._tasks[event.stage], completed=event.done, total=event.total or None)

    def _finish_those_before(self, stage: Stage) -> None:
        """Reading and linking report no end of their own where they are one step."""
        order = list(Stage)
        for earlier, task in self._tasks.items():
            if order.index(earlier) < order.index(stage) and earlier is not Stage.EMBED:
                total = max(self._last[earlier].total, 1)
                self._bars.update(task, completed=total, total=total)


@contextmanager
def _live_display() -> Iterator[LiveStages]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeElapsedColumn
    from rich.text import Text

    class Amount(ProgressColumn):
        def render(self, task: Task) -> Text:
            done, total, unit = int(task.completed), int(task.total or 0), task.fields["unit"]
            if not unit or total <= 1:
                return Text("")
            seconds = task.finished_time or task.elapsed
            rate = f"  {done / seconds:,.0f} {unit}/s" if done and seconds else ""
            return Text(f"{done:,}/{total:,} {unit}{rate}")

    columns = (TextColumn("{task.description:<10}"), BarColumn(bar_width=28), TimeElapsedColumn(), Amount())
    with Progress(*columns, console=Console(stderr=True), refresh_per_second=8) as bars:
        yield LiveStages(bars)
