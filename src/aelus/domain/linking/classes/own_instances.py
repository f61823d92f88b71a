"""Receivers of methods of base classes of which a program makes no instance itself.

Who reads a method of a class takes its receiver for an instance of the class. A program that runs says more: where its own top level makes
instances of subclasses alone, `self.step()` in the base runs what these override, never what the base has. Where files only define, others
make the instances.
"""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import CALL, CALL_REFERENCE, DEFINITION, MEMBER, THIS
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.values import DEF, INSTANCE_OF, MASK, SHIFT, value

SUBCLASSES: Final = 6
"""A class with more is taken for one of its own instances: more receivers than are followed would leave nothing known of them."""


class OwnInstances:
    """Finds such classes, and lets those of their methods that no instance reaches have one of the class itself after all."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, propagation: Propagation) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._propagation = propagation
        self.waiting: frozenset[int] = frozenset(
            base
            for made in self._made_on_top()
            for base in hierarchy.inherited(made)
            if 0 < len(hierarchy.descendants(base, SUBCLASSES + 1)) <= SUBCLASSES
        )
        """Classes whose methods have the receivers alone that reach them."""
        self._received = self._find_received()

    def _made_on_top(self) -> set[int]:
        """Classes of which the top level of a file makes an instance, or calls a method."""
        program, found = self._program, set[int]()
        for file, unit in enumerate(program.units):
            first = program.first_slot[file]
            for reference in unit.facts.references if program.traits[file].call_constructs else ():
                slot = first + reference.expression
                if reference.kind == CALL_REFERENCE and reference.definition < 0 and program.forms[slot] == CALL:
                    static = (*self._names.static(program.part(slot)), *self._classes_called(program.part(slot)))
                    found.update(inner >> SHIFT for inner in static if inner & MASK == DEF and program.is_class(inner >> SHIFT))
        return found

    def _classes_called(self, callee: int) -> tuple[int, ...]:
        """The classes whose method an expression names: `C.make`."""
        program = self._program
        return self._names.static(program.part(callee)) if program.forms[callee] == MEMBER else ()

    @property
    def variables(self) -> set[int]:
        """Receivers of class methods that wait."""
        return set(self._received)

    def waits(self, source: int, variable: int) -> bool:
        """Whether a class is the receiver of a class method, which waits for the classes that it is called on."""
        return source in self._received.get(variable, ())

    def _find_received(self) -> dict[int, list[int]]:
        """Variable of the receiver of a class method that waits → what says that it is the class around."""
        program, found = self._program, dict[int, list[int]]()
        for method, owner in self._hierarchy.owner.items():
            entry = program.definitions[method]
            if owner in self.waiting and "classmethod" in entry.modifiers and entry.parameters:
                variable = program.parameter_slot(method, 0)
                found[variable] = [source for source in program.sources.get(variable, ()) if program.forms[source] == DEFINITION]
        return found

    def settle(self) -> None:
        """Methods that nothing is known to call have an instance of their class as the receiver."""
        program = self._program
        for method, owner in self._hierarchy.owner.items():
            parameters = program.definitions[method].parameters if owner in self.waiting else ()
            if not parameters:
                continue
            variable = program.parameter_slot(method, 0)
            own = any(program.forms[source] == THIS for source in program.sources.get(variable, ()))
            received = self._received.get(variable, ())
            if (own or received) and not self._propagation.held(variable):
                self._propagation.add(variable, value(DEF if received else INSTANCE_OF, owner))
