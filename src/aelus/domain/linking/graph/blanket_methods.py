"""Methods of implementations for all types (`impl<T: Shape> Describe for T`), called where a bound is all that is said of the receiver.

Such a call names the method that the interface asks for; the implementation's runs in its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aelus.domain.facts import GENERIC, LOCAL, MEMBER, UNKNOWN
from aelus.domain.linking.choosing.references import BORROWED
from aelus.domain.linking.classes.hierarchy import IMPLEMENTED, Hierarchy
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.graph.implemented import Implemented
from aelus.domain.linking.graph.origins import Origins
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import DEF, EXTERNAL, EXTERNAL_INSTANCE, GENERIC_OF, INSTANCE_OF, MASK, OBJECT, SHIFT, value

BARRED: Final = frozenset({BORROWED, "static"})
NONE: Final = frozenset[int]()


class BlanketMethods:
    """Finds what is asked for in their place."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, flow: ValueFlow, origins: Origins) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._flow = flow
        self._origins = origins
        self._implemented = Implemented(program)
        generic = any(traits.generic_implementations for traits in program.languages)
        self._methods = frozenset([d for d in range(len(program.definitions)) if self._is_blanket(d)]) if generic else NONE
        self._bounds = frozenset([inner for method in self._methods for inner in names.static(self._receiver(method))])
        """What the types that they are for are bound by."""
        self._asked: dict[int, int] = {}

    def _is_blanket(self, definition: int) -> bool:
        program, entry = self._program, self._program.definitions[definition]
        if entry.receiver == UNKNOWN or IMPLEMENTED not in entry.modifiers or not BARRED.isdisjoint(entry.modifiers):
            return False
        generic = program.traits[program.file_of_definition[definition]].generic_implementations
        return generic and program.is_type_parameter(self._receiver(definition))

    def _receiver(self, method: int) -> int:
        return self._program.first_slot[self._program.file_of_definition[method]] + self._program.definitions[method].receiver

    def asked(self, callee: int, method: int) -> int:
        """The interface's method that a call names which may run this one; the method itself where it is no such call."""
        if method not in self._methods or self._program.forms[callee] != MEMBER:
            return method
        holder = self._program.part(callee)
        if self._is_declared_open(holder):
            return self._of_interface(method)
        values = () if self._flow.is_saturated(holder) else self._flow.values(holder)
        return self._of_interface(method) if values and all(self._is_open(inner) for inner in values) else method

    def _is_declared_open(self, holder: int) -> bool:
        """Whether a variable, or a field of the receiver, is declared to be of a type parameter: what flows into it says no more."""
        program = self._program
        if program.forms[holder] == MEMBER and not self._is_receiver(program.part(holder)):
            return False
        written = (each for slot in self._origins.declaring(holder) for each in program.declared.get(slot, ()))
        return any(program.is_type_parameter(each) for each in written)

    def _is_receiver(self, slot: int) -> bool:
        """Whether a variable is the first parameter of a method, which holds what that is called on."""
        program = self._program
        variable = program.variable_of(slot) if program.forms[slot] == LOCAL else -1
        function, position = program.parameters.get(variable, (-1, -1))
        return position == 0 and self._hierarchy.received(function) > 0

    def _is_open(self, inner: int) -> bool:
        """Whether only an interface is known of a value."""
        tag, index = inner & MASK, inner >> SHIFT
        if tag in (GENERIC_OF, OBJECT):
            return self._program.forms[index] == GENERIC and self._are_interfaces(self._names.static(index))
        return tag in (INSTANCE_OF, EXTERNAL_INSTANCE) and self._are_interfaces((value(DEF if tag == INSTANCE_OF else EXTERNAL, index),))

    def _are_interfaces(self, types: Sequence[int]) -> bool:
        """Whether each of the types is an interface of the program, or one from elsewhere that a blanket implementation is bound by."""
        definitions = self._program.definitions
        return len(types) > 0 and all(
            definitions[inner >> SHIFT].kind == "Trait" if inner & MASK == DEF else inner in self._bounds for inner in types
        )

    def _of_interface(self, method: int) -> int:
        """The method of the interface that one implements; itself where that is not known."""
        known = self._asked.get(method)
        if known is None:
            known = self._asked[method] = self._find(method)
        return known

    def _find(self, method: int) -> int:
        program, written = self._program, self._implemented.by(method)
        named = program.part(written) if written != UNKNOWN and program.forms[written] == GENERIC else written
        interfaces = [inner >> SHIFT for inner in self._names.static(named) if inner & MASK == DEF] if named != UNKNOWN else []
        own = [d for each in interfaces for d in self._hierarchy.own_methods(each, program.definitions[method].name)]
        asked = [each for each in own if program.parent_of(each) in interfaces]
        return asked[0] if len(asked) == 1 else method
