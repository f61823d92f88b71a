"""Members that only ask for a method, and in whose place others are known to run: what is abstract, and what interfaces declare."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.signatures import ABSTRACT
from aelus.domain.linking.values import BOUND, DEF, EXTERNAL, MASK, SHIFT

BELOW: Final = 256
"""Classes that are asked whether they have a method of their own."""
NONE: Final = frozenset[int]()


class Call(NamedTuple):
    """One that is looked at."""

    running: frozenset[int]
    replaced: frozenset[int]


IDLE: Final = Call(NONE, NONE)


class StandIns:
    """Compares the methods that one call can mean."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._asking: dict[int, bool] = {}
        self._interfaces: dict[int, bool] = {}
        self._any = any(traits.stand_ins for traits in program.languages)
        self._running: frozenset[int] = NONE
        """What the call runs that is looked at, where it may be one of several."""
        self.replaced: frozenset[int] = NONE
        """Those of them that never run."""

    def enter(self, values: Sequence[int]) -> Call:
        """Look at a call of these values; returns the one that was looked at before."""
        around = Call(self._running, self.replaced) if self._running else IDLE
        self._running = self.replaced = NONE
        if self._any and len(values) > 1:
            self._running = frozenset(inner >> SHIFT for inner in values if inner & MASK in (DEF, BOUND))
            self.replaced = self.among(self._running)
        return around

    def leave(self, around: Call) -> None:
        """Look at the call around again."""
        self._running, self.replaced = around

    def others(self, methods: Collection[int]) -> Collection[int]:
        """Methods that a call may reach by subtyping, without those that it is known to run."""
        return [method for method in methods if method not in self._running] if self._running else methods

    def among(self, methods: Collection[int]) -> frozenset[int]:
        """Those of the methods that never run where others of them do."""
        asking = [method for method in methods if self._asks(method)]
        running = [method for method in methods if method not in asking] if asking else asking
        if not running:
            return NONE
        return frozenset(method for method in asking if any(self._stands_in(other, method) for other in running))

    def _asks(self, method: int) -> bool:
        known = self._asking.get(method)
        if known is None:
            known = self._asking[method] = self._only_asks(method)
        return known

    def _only_asks(self, method: int) -> bool:
        """Whether a method is abstract, or one of an interface that all classes which extend that have of their own."""
        program, owner = self._program, self._hierarchy.owner.get(method, -1)
        if owner < 0 or not program.traits[program.file_of_definition[method]].stand_ins:
            return False
        if ABSTRACT in program.definitions[method].modifiers:
            return True
        if not self._is_interface(owner):
            return False
        name, below = program.member_name(method), self._hierarchy.descendants(owner, BELOW)
        return len(below) < BELOW and all(method not in self._hierarchy.methods(definition, name) for definition in below)

    def _is_interface(self, definition: int) -> bool:
        """Whether one of the bases of a class says that it only asks for members."""
        known = self._interfaces.get(definition)
        if known is None:
            program, entry = self._program, self._program.definitions[definition]
            file = program.file_of_definition[definition]
            words = program.traits[file].interface_bases
            bases = (inner for part in entry.bases for inner in self._names.static(program.first_slot[file] + part))
            outer = (self._names.externals.entries[inner >> SHIFT].qualified_name for inner in bases if inner & MASK == EXTERNAL)
            known = self._interfaces[definition] = any(name in words for name in outer)
        return known

    def _stands_in(self, other: int, method: int) -> bool:
        """Whether a method runs in place of another one of its name: it is of a class below, or of any where an interface asks for it."""
        if self._program.member_name(other) != self._program.member_name(method):
            return False
        owner = self._hierarchy.owner[method]
        below = self._hierarchy.owner.get(other, -1)
        return below >= 0 and (owner in self._hierarchy.order(below) or self._is_interface(owner))
