"""Keeping Python's collector of cycles out of work that makes records by the million.

Such records form no cycles, and the collector would look through all of them again and again: it took half the time of linking.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

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
