"""How far a run is, and where its time goes. Not here: who shows it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from aelus.domain.jobs import Progress, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressEvent:
    """`done` of `total` units of this stage: files while reading and parsing, texts while embedding, otherwise 1."""

    stage: Stage
    done: int
    total: int
    progress: Progress
    """What the whole run has done so far."""


Report = Callable[[ProgressEvent], None]


def ignore(_event: ProgressEvent) -> None:
    """Report to nobody."""


class Tracker:
    """Adds up a run's progress and reports each step."""

    def __init__(self, report: Report = ignore) -> None:
        self._report = report
        self._progress = Progress()

    def __call__(self, stage: Stage, done: int, total: int, **figures: int) -> None:
        """Report a step; `figures` are the fields of `Progress` that it moves."""
        self._progress = replace(self._progress, **figures)
        self._report(ProgressEvent(stage=stage, done=done, total=total, progress=self._progress))


class Stopwatch:
    """Seconds by stage. Stages that run at the same time each count in full, so they may add up to more than `total`."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[stage] = self._seconds.get(stage, 0.0) + time.perf_counter() - started

    def seconds(self) -> dict[str, float]:
        return {**self._seconds, "total": time.perf_counter() - self._started}
