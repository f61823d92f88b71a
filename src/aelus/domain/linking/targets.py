"""Where names lead: variables that hold what they mean, and values known at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple


class Target(NamedTuple):
    """Where a name leads: variables that hold the values, and values known at once."""

    slots: tuple[int, ...] = ()
    values: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        """Compare with `NOWHERE`: compiled code takes a named tuple's truth for that of its length, whatever stands here."""
        raise TypeError


NOWHERE: Final = Target()


def merge(targets: Iterable[Target]) -> Target:
    """All that several names lead to."""
    found = [target for target in targets if target != NOWHERE]
    if len(found) <= 1:
        return found[0] if found else NOWHERE
    slots: dict[int, None] = {}
    values: dict[int, None] = {}
    for target in found:
        slots.update(dict.fromkeys(target.slots))
        values.update(dict.fromkeys(target.values))
    return Target(tuple(slots), tuple(values))
