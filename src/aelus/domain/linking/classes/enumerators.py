"""Numbers of the constants of enums, in languages where these are numbers and names of what is around the enum."""

from __future__ import annotations

from collections.abc import Sequence

from aelus.domain.facts import CONSTANT, FREE, MEMBER
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.values import DEF, INSTANCE_OF, MASK, value
from aelus.domain.numbers import natural


def hold_enumerators(program: Program, propagation: Propagation) -> None:
    """Let the constants of an enum be instances of it, in languages whose functions are told apart by that."""
    for definition, entry in enumerate(program.definitions):
        parent = program.parent_of(definition) if entry.kind == "Constant" else -1
        if parent >= 0 and program.definitions[parent].kind == "Enum" and program.traits[program.file_of_definition[definition]].templates:
            propagation.add(program.slot_of_definition[definition], value(INSTANCE_OF, parent))


class Enumerators:
    """Knows them."""

    def __init__(self, program: Program, names: Names) -> None:
        self._program = program
        self._names = names
        self._numbers: dict[int, str] = {}
        """Slot of a constant → its number; empty where that is not known."""
        previous, count = -1, 0
        for definition, entry in enumerate(program.definitions):
            if entry.kind != "Constant" or not program.traits[program.file_of_definition[definition]].pointers:
                continue
            parent = program.parent_of(definition)
            if parent < 0 or program.definitions[parent].kind != "Enum":
                continue
            count = count if parent == previous else 0
            previous = parent
            slot = program.slot_of_definition[definition]
            if "=" in entry.signature:
                count = self._number(program.sources.get(slot, ()))
            self._numbers[slot] = str(count) if count >= 0 and slot not in self._numbers else ""
            count = count + 1 if count >= 0 else count

    def _number(self, sources: Sequence[int]) -> int:
        """A number that is written, or that of another constant; -1 for others."""
        text = ""
        for source in sources[:1]:
            text = self._program.texts[source] if self._program.forms[source] == CONSTANT else self._numbers.get(source, "")
        return natural(text)

    def number(self, slot: int) -> str:
        """The number of the constant that a name stands for; empty where it stands for none, or the number is not known."""
        if not self._numbers:
            return ""
        return next((self._numbers[found] for found in self._slots(slot) if found in self._numbers), "")

    def _slots(self, slot: int) -> Sequence[int]:
        """The variables that a name stands for."""
        program, form, name = self._program, self._program.forms[slot], self._program.texts[slot]
        if form == FREE:
            return self._names.anywhere(program.file_of_slot(slot), name).slots
        if form == MEMBER:
            held = self._names.static(program.part(slot))
            return [found for inner in held if inner & MASK == DEF for found in self._names.member(inner, name).slots]
        return (slot,)
