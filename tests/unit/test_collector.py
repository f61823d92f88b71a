from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from weakref import ref

from aelus.domain.collector import circles_freed, collector_waits


def test_the_collector_waits_for_the_last_of_several_threads() -> None:
    inside = Barrier(2, timeout=10)

    def work() -> bool:
        with collector_waits():
            inside.wait()
            return gc.isenabled()

    with ThreadPoolExecutor(2) as threads:
        assert not any(threads.map(lambda _: work(), range(2)))
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with collector_waits():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


class Circle:
    def __init__(self) -> None:
        self.me = self


def test_what_is_left_in_circles_is_freed_where_the_collector_is_off() -> None:
    gc.disable()
    try:
        with circles_freed():
            left = ref(Circle())
        assert left() is None
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_was_made_before_is_looked_at_again_afterwards() -> None:
    left = ref(Circle())
    with circles_freed():
        pass
    gc.collect()
    assert left() is None
    assert gc.get_freeze_count() == 0
