"""Which calls stand in a definition, and which functions of the program they run by what is known so far."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final, NamedTuple

from aelus.domain.facts import CALL_REFERENCE
from aelus.domain.linking.members.protocols import Protocols
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.values import BOUND, DEF, INSTANCE_OF, MASK, SHIFT


class Standing(NamedTuple):
    """The calls in one definition, in the order of their places."""

    starts: list[int]
    """Bytes at which they start."""
    slots: list[int]


NOWHERE: Final = Standing([], [])


class CalledFunctions:
    """Looks calls up, file by file."""

    def __init__(self, program: Program, propagation: Propagation, protocols: Protocols) -> None:
        self._program = program
        self._propagation = propagation
        self._protocols = protocols
        self._files: dict[int, dict[int, Standing]] = {}

    def in_definition(self, file: int, local: int) -> Sequence[int]:
        """Calls in a definition of a file, by its number there, or at the top (-1); those of classes are of what is around them."""
        return self._standing(file).get(local, NOWHERE).slots

    def in_region(self, file: int, local: int, start: int, end: int) -> Sequence[int]:
        """As `in_definition`, of those between two bytes."""
        starts, slots = self._standing(file).get(local, NOWHERE)
        return slots[bisect_left(starts, start) : bisect_left(starts, end)]

    def _standing(self, file: int) -> dict[int, Standing]:
        known = self._files.get(file)
        if known is None:
            known = self._files[file] = self._find_standing(file)
        return known

    def _find_standing(self, file: int) -> dict[int, Standing]:
        program, found = self._program, dict[int, list[tuple[int, int]]]()
        first, facts, around = program.first_slot[file], program.units[file].facts, {-1: -1}
        for number, entry in enumerate(facts.definitions):  # what is around stands before
            around[number] = around[entry.parent] if program.is_class(program.first_definition[file] + number) else number
        for reference in facts.references:
            if reference.kind == CALL_REFERENCE:
                found.setdefault(around[reference.definition], []).append((reference.start_byte, first + reference.expression))
        for calls in found.values():
            calls.sort()
        return {local: Standing([start for start, _ in calls], [slot for _, slot in calls]) for local, calls in found.items()}

    def functions(self, slot: int) -> list[int]:
        """Functions and constructors that a call runs."""
        program, found = self._program, list[int]()
        for inner in self._propagation.held(program.part(slot)) if program.parts[slot] else ():
            tag, definition = inner & MASK, inner >> SHIFT
            if tag in (DEF, BOUND) and program.is_function(definition):
                found.append(definition)
            elif tag in (DEF, BOUND) and program.is_class(definition):
                found.extend(self._protocols.constructors(definition))
            elif tag == INSTANCE_OF:
                found.extend(self._protocols.of_instance(definition, "call"))
        return found
