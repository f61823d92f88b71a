"""Keeping Python's collector of cycles out of work that makes records by the million.

Such records form no cycles, and the collector would look through all of them again and again: it took half the time of linking.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

MIDDLE_COLLECTIONS: Final = 100
"""Collections of what has lived for a while before one of all there is, ten times as many as usual: 700,000 more objects."""
_lock = Lock()
_waiting = 0
_was_enabled = False


@contextmanager
def collector_waits() -> Iterator[None]:
    """The collector does not begin by itself while any thread is in here. For work of seconds that waits for nobody."""
    global _waiting, _was_enabled  # noqa: PLW0603 - a process has one collector
    with _lock:
        if not _waiting:
            _was_enabled = gc.isenabled()
            gc.disable()
        _waiting += 1
    try:
        yield
    finally:
        with _lock:
            _waiting -= 1
            if not _waiting and _was_enabled:
                gc.enable()


@contextmanager
def collector_rests() -> Iterator[None]:
    """The collector looks through all objects a tenth as often: for a process that indexes, which holds more and more of them meanwhile.

    What is new is looked at as ever, so that circles that are left soon go soon.
    """
    new, middle, all_objects = gc.get_threshold()
    gc.set_threshold(new, middle, MIDDLE_COLLECTIONS)
    try:
        yield
    finally:
        gc.set_threshold(new, middle, all_objects)
