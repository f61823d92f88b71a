"""Literals that members are taken from: each is an instance of a builtin type."""

from __future__ import annotations

from aelus.domain.facts import CONSTANT
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.naming.parts import ALL
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.values import EXTERNAL_INSTANCE, INSTANCE_OF, SHIFT, value


class LiteralTypes:
    """Gives them these instances."""

    def __init__(self, program: Program, names: Names, propagation: Propagation) -> None:
        self._program = program
        self._names = names
        self._propagation = propagation

    def hold(self, slot: int) -> None:
        """A literal is an instance of its type, and of what the program adds to that."""
        program = self._program
        file = program.file_of_slot(slot)
        if not program.traits[file].text_type:
            return
        constant = program.forms[slot] == CONSTANT
        known = program.texts[program.part(slot)] if constant and program.parts[slot] else ""
        name = known or (self._type_of_constant(slot) if constant else program.texts[slot])
        for inner in self._names.builtin(file, name).values:
            self._propagation.add(slot, value(EXTERNAL_INSTANCE, inner >> SHIFT))
        for own in self._names.opened(file, name) if program.traits[file].partial_types == ALL else ():
            self._propagation.add(slot, value(INSTANCE_OF, own))

    def _type_of_constant(self, slot: int) -> str:
        """Name of the builtin type of a constant that says nothing of it."""
        traits, text = self._program.traits[self._program.file_of_slot(slot)], self._program.texts[slot]
        return traits.number_type if traits.number_type and text.removeprefix("-").isdigit() else traits.text_type
