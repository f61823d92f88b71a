"""`super().m()`: which member it means depends on the class of the instance, whose resolution order may put others in between.

The class that the word stands in is one of many that the instance may have. Where the program makes instances of it or of its
subclasses, their orders decide; where it makes none, the order of the class itself does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.values import INSTANCE_OF, value

RECEIVERS: Final = 12
"""Classes of instances that one member behind `super` is looked up for; behind that only members that are new count."""
LOOKUPS: Final = 512
"""Classes of instances that one member is looked up for at all."""
Expose = Callable[[int, int, int, int], object]
"""Lets a member (owner, member) reach a slot as a receiver shows it."""
Miss = Callable[[int, int, str], object]
"""Lets what no base of a class has under a name reach a slot."""


class Supers:
    """Members behind `super`, which wait for the instances that the program makes."""

    def __init__(self, hierarchy: Hierarchy, expose: Expose, miss: Miss) -> None:
        self._hierarchy = hierarchy
        self._expose = expose
        self._miss = miss
        self._made: dict[int, None] = {}
        self._made_below: dict[int, list[int]] = {}
        """Class → classes with instances that have it in their order."""
        self._waiting: dict[int, list[tuple[int, str]]] = {}
        self._asked: dict[int, int] = {}
        self._found: dict[int, dict[int, int]] = {}
        """Slot → members that it has, and for how many classes."""

    def take(self, slot: int, definition: int, name: str) -> None:
        """The expression `slot` is the member `name` behind the class."""
        self._waiting.setdefault(definition, []).append((slot, name))
        for made in self._made_below.get(definition, ()):
            self._look_up(slot, definition, name, made)

    def make(self, definition: int) -> None:
        """The program makes an instance of the class."""
        if definition in self._made:
            return
        self._made[definition] = None
        for owner in self._hierarchy.order(definition):
            self._made_below.setdefault(owner, []).append(definition)
            for slot, name in tuple(self._waiting.get(owner, ())):
                self._look_up(slot, owner, name, definition)

    def settle(self) -> None:
        """Where the program makes no instance, the class itself decides."""
        for definition, waiting in tuple(self._waiting.items()):
            if definition not in self._made_below:
                for slot, name in waiting:
                    self._look_up(slot, definition, name, definition)

    def _look_up(self, slot: int, definition: int, name: str, made: int) -> None:
        self._asked[slot] = self._asked.get(slot, 0) + 1
        if self._asked[slot] > LOOKUPS:
            return
        order = self._hierarchy.order(made)
        for owner in order[order.index(definition) + 1 :]:
            member = self._hierarchy.defines(owner, name)
            if member >= 0:
                found = self._found.setdefault(slot, {})
                found[member] = found.get(member, 0) + 1
                if found[member] <= RECEIVERS:
                    self._expose(owner, member, slot, value(INSTANCE_OF, made))
                return
        self._miss(made, slot, name)
