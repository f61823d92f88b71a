"""Loops over literals that say themselves what a loop yields: `{ [Symbol.iterator]() {…} }`, and iterators that are literals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from aelus.domain.facts import ITERATE, MAPPING
from aelus.domain.linking.effects.summaries import Summaries
from aelus.domain.linking.program import HELD, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.containers import Containers
from aelus.domain.linking.values import MASK, OBJECT, SHIFT

ITERATOR: Final = "next"
"""Text of the steps that take what an iterator yields."""
LOOPED: Final = ("iterate", "async_iterate")
ADVANCED: Final = ("next", "async_next")


class LiteralLoops:
    def __init__(self, program: Program, propagation: Propagation, containers: Containers, summaries: Summaries) -> None:
        self._program = program
        self._propagation = propagation
        self._containers = containers
        self._summaries = summaries
        self._yielded: dict[tuple[int, bool], int] = {}
        """Literal, and whether it is asked as an iterator → slot of what it yields: one for all loops, of which there are many."""

    def take(self, slot: int, holder: int) -> bool:
        """The expression `slot` is what a loop over a literal, or a step of an iterator, binds; false where it says nothing of it."""
        advances = self._program.texts[slot] == ITERATOR
        known = self._yielded.get((holder, advances))
        if known is None and (entries := self.entries(holder, ADVANCED if advances else LOOPED)):
            known = self._yielded[holder, advances] = self._program.derived_slot(slot, HELD, "", ())
            for entry in entries:
                result = self._summaries.calls.call(known, entry, (), self._held(holder))
                self._propagation.connect(self._element(result) if advances else self._step(result), known)
        if known is not None:
            self._propagation.connect(known, slot)
        return known is not None

    def _element(self, result: int) -> int:
        """What an iterator yields, taken out of what says whether there is any."""
        key = self._program.traits[self._program.file_of_slot(result)].next_key
        return self._summaries.constraints.step(result, f"[{key}]")

    def _step(self, iterator: int) -> int:
        step = self._program.derived_slot(iterator, ITERATE, ITERATOR, (iterator,))
        self._propagation.subscribe(iterator, step)
        return step

    def _held(self, holder: int) -> int:
        made = self._program.new_slot(HELD)
        self._propagation.add(made, holder)
        return made

    def entries(self, holder: int, operations: Iterable[str]) -> list[int]:
        """Slots of what a literal has in the place of the methods that the operations call."""
        literal = holder >> SHIFT
        if holder & MASK != OBJECT or self._program.forms[literal] != MAPPING:
            return []
        file = self._program.file_of_slot(literal)
        if not self._program.traits[file].next_key:
            return []
        names = (self._program.operation(file, operation) for operation in operations)
        found = (self._containers.known_field(holder, name) for name in names if name)
        return [field for field in found if field >= 0]
