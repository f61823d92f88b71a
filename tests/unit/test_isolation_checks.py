from __future__ import annotations

from isolation_world import CHECKS


def test_the_suite_makes_thousands_of_checks() -> None:
    assert sum(CHECKS.values()) >= 2_000
