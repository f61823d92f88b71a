from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from aelus.domain.collector import collector_waits


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
