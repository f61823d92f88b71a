"""Functions that are found by the types of their arguments, beside which they stand: `f(a)` may be that of the namespace of `a`'s class.

Source: ISO/IEC 14882, "Argument-dependent name lookup".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from aelus.domain.facts import CALL, FREE, IMPLICIT, LOCAL, MEMBER
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.signatures import FRIEND
from aelus.domain.linking.values import BOUND, DEF, INSTANCE_OF, MASK, PACKAGE, SHIFT, value

NAMES: Final = (FREE, IMPLICIT, LOCAL)
OPERANDS: Final = 2


class AssociatedFunctions:
    """Lets calls of names that mean nothing where they stand reach the functions beside their arguments' types."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, propagation: Propagation) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._known = {entry.name for definition, entry in enumerate(program.definitions) if self._is_followed(definition)}

    def _is_followed(self, definition: int) -> bool:
        traits = self._program.traits[self._program.file_of_definition[definition]]
        return traits.open_namespaces and traits.overloads and self._program.is_function(definition)

    def find(self) -> bool:
        """Connect what is found by now; false when nothing is."""
        program, held, found = self._program, self._propagation.held, False
        if not self._known:
            return False
        for slot in program.by_form[CALL]:
            callee = program.part(slot)
            if program.forms[callee] == MEMBER and program.texts[callee] in self._hierarchy.extensions and not held(callee):
                found = self._add_operators(slot, callee) or found
            if program.forms[callee] not in NAMES or program.texts[callee] not in self._known:
                continue
            known = held(callee)
            if any(inner & MASK != DEF or not program.is_function(inner >> SHIFT) for inner in known) or self._is_member(known):
                continue
            for method in dict.fromkeys(self._associated(slot, program.texts[callee])):
                if value(DEF, method) not in known:
                    self._propagation.add(callee, value(DEF, method))
                    found = True
        return found

    def _add_operators(self, slot: int, callee: int) -> bool:
        """Operators outside of classes whose second operand is an instance, where the first one is none: `2 * a`."""
        program, found = self._program, False
        argument = program.part(slot, 1) if len(program.parts[slot]) > 1 else -1
        values = self._propagation.held(argument) if argument >= 0 else ()
        orders = [
            self._hierarchy.order(inner >> SHIFT) for inner in values if inner & MASK == INSTANCE_OF and program.is_class(inner >> SHIFT)
        ]
        for method in self._hierarchy.extensions[program.texts[callee]] if orders else ():
            entry, first = program.definitions[method], program.first_slot[program.file_of_definition[method]]
            types = self._names.static(first + entry.parameters[1].type) if len(entry.parameters) == OPERANDS else ()
            if any(inner & MASK == DEF and inner >> SHIFT in order for inner in types for order in orders):
                self._propagation.add(callee, value(BOUND, method))
                found = True
        return found

    def _is_member(self, known: Sequence[int]) -> bool:
        """Whether a bare name means members of a class, which hide functions beside the types of the arguments."""
        return any(inner >> SHIFT in self._hierarchy.owner for inner in known)

    def _associated(self, slot: int, name: str) -> Iterator[int]:
        program = self._program
        first = program.first_of_slot[slot]
        for part in program.parts[slot][1:]:
            for inner in tuple(self._propagation.held(first + part)):
                if inner & MASK == INSTANCE_OF and program.is_class(inner >> SHIFT):
                    for definition in self._hierarchy.order(inner >> SHIFT):
                        yield from self._beside(definition, name)

    def _beside(self, definition: int, name: str) -> Iterator[int]:
        program = self._program
        yield from (d for d in self._hierarchy.own_methods(definition, name) if FRIEND in program.definitions[d].modifiers)
        for holder in self._names.around(definition):
            if holder & MASK == PACKAGE:
                slots = self._names.member(holder, name).slots
                yield from (d for slot in slots for d in program.bound.get(slot, ()) if program.is_function(d))
                return
