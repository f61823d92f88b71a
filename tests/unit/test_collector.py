from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from aelus.domain.collector import collector_rests, collector_waits


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


def test_a_collector_that_rests_looks_at_what_is_new_as_ever() -> None:
    before = gc.get_threshold()
    with collector_rests():
        new, middle, all_objects = gc.get_threshold()
    assert (new, middle) == before[:2]
    assert all_objects > before[2]
    assert gc.get_threshold() == before
