"""Functions that are found by the types of their arguments, beside which they stand: `f(a)` may be that of the namespace of `a`'s class.

Source: ISO/IEC 14882, "Argument-dependent name lookup".
"""

from __future__ import annotations

from collections.abc import Iterator

from aelus.domain.facts import CALL, FREE, IMPLICIT
from aelus.domain.linking.hierarchy import Hierarchy
from aelus.domain.linking.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.signatures import FRIEND
from aelus.domain.linking.values import DEF, INSTANCE_OF, MASK, PACKAGE, SHIFT, value


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
            if program.forms[callee] not in (FREE, IMPLICIT) or program.texts[callee] not in self._known or held(callee):
                continue
            for method in dict.fromkeys(self._associated(slot, program.texts[callee])):
                self._propagation.add(callee, value(DEF, method))
                found = True
        return found

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
