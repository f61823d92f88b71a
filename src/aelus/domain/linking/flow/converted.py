"""Calls that convert, and what is written like them: `T(x)`, `table[i](x)`."""

from __future__ import annotations

from aelus.domain.facts import INDEX
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.effects.library_calls import LibraryCalls
from aelus.domain.linking.members.converted_receivers import ConvertedReceivers
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.declarations import Declarations


class Converted:
    """What such a call does with a value of its callee."""

    def __init__(
        self, program: Program, hierarchy: Hierarchy, propagation: Propagation, declarations: Declarations, calls: LibraryCalls
    ) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._declarations = declarations
        self._calls = calls
        self._receivers = ConvertedReceivers(program, hierarchy, propagation)

    def convert(self, slot: int, definition: int) -> None:
        """`T(x)`: what `x` holds as well, where `T` is a type of functions or of containers of anything."""
        self._declarations.hold_class(definition, slot)
        if len(self._program.parts[slot]) > 1 and self._declarations.is_open(definition):
            self._propagation.connect(self._program.part(slot, 1), slot)
            self._receivers.convert(definition, self._program.part(slot, 1))

    def receive(self, slot: int, method: int) -> None:
        """A method of such a type has what it is called on as its receiver."""
        if self._declarations.is_open(self._hierarchy.owner.get(method, -1)):
            self._receivers.call(self._program.part(slot), method)

    def call_element(self, callee: int, container: int) -> None:
        """`table[i](x)`, which is written like a call with a type argument: what is called is an element."""
        if self._program.traits[self._program.file_of_slot(callee)].calls_convert and self._calls.once(callee, container):
            element = self._program.derived_slot(callee, INDEX, "", (self._program.part(callee), self._program.part(callee, 1)))
            self._propagation.subscribe(self._program.part(callee), element)
            self._propagation.connect(element, callee)
