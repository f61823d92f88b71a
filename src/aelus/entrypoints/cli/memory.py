"""How much memory a run took: its own process and every process that it started, the database included when this run started it."""

from __future__ import annotations

import gc
import resource
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

INTERVAL_S = 0.1
PROC = Path("/proc")
RSS_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes of one unit of `ru_maxrss`."""


class PeakMemory:
    """Samples the resident bytes of all own processes together, ten times a second, while the context is open.

    A page that processes share counts once for each of them, so this is an upper bound. Without `/proc` it is the peak of this process plus
    that of its largest child.
    """

    def __init__(self) -> None:
        self.peak_bytes = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="peak-memory", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()
        self.peak_bytes = max(self.peak_bytes, _own_peak())

    def _watch(self) -> None:
        page_bytes = resource.getpagesize()
        while PROC.joinpath("self/statm").exists():
            self.peak_bytes = max(self.peak_bytes, sum(map(_resident_pages, _own_processes())) * page_bytes)
            if self._stop.wait(INTERVAL_S):
                return


def _own_processes() -> Iterable[str]:
    """Process ids of this process and of all below it."""
    waiting, known = deque(["self"]), set[str]()
    while waiting:
        process = waiting.popleft()
        if process not in known:
            known.add(process)
            waiting.extend(_children(process))
    return known


def _children(process: str) -> Iterable[str]:
    try:
        return [child for task in (PROC / process / "task").iterdir() for child in (task / "children").read_text().split()]
    except OSError:
        return []


def _resident_pages(process: str) -> int:
    try:
        return int((PROC / process / "statm").read_text().split()[1])
    except OSError:
        return 0


def _own_peak() -> int:
    own, child = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return (own if PROC.joinpath("self/statm").exists() else own + child) * RSS_UNIT


@contextmanager
def without_collector() -> Iterator[None]:
    """The graph has millions of objects and no cycles worth looking for; the process ends when it is written.

    What was made meanwhile is never looked through, not even by the collection at the end of the process.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
