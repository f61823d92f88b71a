"""Operators outside of classes that only their right operand leads to: `2 * v`, `std::cout << v`.

An operator of a class is looked for by its left operand. Where that is a number, a text or comes from elsewhere, the right one says
which is meant. So it is where implementations for types from elsewhere stand beside what these have themselves: `impl Mul<V> for f64`.

Source: ISO/IEC 14882, "Operators in expressions".
"""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import CALL, MEMBER, UNKNOWN
from aelus.domain.linking.classes.hierarchy import OPERATOR, Hierarchy
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.signatures import alternatives
from aelus.domain.linking.values import BOUND, DEF, EXTERNAL, EXTERNAL_INSTANCE, INSTANCE_OF, MASK, SHIFT, value

OPERANDS: Final = 2


class RightOperands:
    """Lets such operators be called."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, propagation: Propagation) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._propagation = propagation
        taken = {name: [method for method in methods if self._takes_foreign(method)] for name, methods in hierarchy.extensions.items()}
        self._taken = {name: methods for name, methods in taken.items() if methods}
        """Name of an operator → functions whose left operand is of no class of the program."""
        calls = (
            program.of_form(CALL, lambda traits: traits.templates or traits.generic_implementations or bool(traits.top_type))
            if self._taken
            else ()
        )
        self._waiting = [slot for slot in calls if self._asked(slot)]

    def _asked(self, slot: int) -> list[int]:
        program = self._program
        callee = program.part(slot)
        if len(program.parts[slot]) != OPERANDS or program.forms[callee] != MEMBER:
            return []
        return [method for name in alternatives(program.texts[callee]) for method in self._taken.get(name, ())]

    def _takes_foreign(self, method: int) -> bool:
        program, entry = self._program, self._program.definitions[method]
        if len(entry.parameters) != OPERANDS:
            return False
        if entry.name.startswith(OPERATOR):
            return not self._classes(method, 0)
        generic = program.traits[program.file_of_definition[method]].generic_implementations
        return generic and entry.receiver != UNKNOWN and len(self._classes(method, 1)) > 0

    def _is_left(self, method: int, left: int) -> bool:
        """Whether the left operand is known to be of the type from elsewhere that a method is implemented for."""
        program, receiver = self._program, self._program.definitions[method].receiver
        if receiver == UNKNOWN:
            return True
        file = program.file_of_definition[method]
        written = program.first_slot[file] + receiver
        types = self._names.static(written) or self._names.builtin(file, program.texts[written]).values
        held = {inner >> SHIFT for inner in self._propagation.held(left) if inner & MASK == EXTERNAL_INSTANCE}
        return any(inner & MASK == EXTERNAL and inner >> SHIFT in held for inner in types)

    def _classes(self, method: int, position: int) -> list[int]:
        """Classes of the program that a parameter is declared as."""
        program = self._program
        declared = program.definitions[method].parameters[position].type
        found = self._names.static(program.first_slot[program.file_of_definition[method]] + declared) if declared else ()
        return [inner >> SHIFT for inner in found if inner & MASK == DEF and program.is_class(inner >> SHIFT)]

    def settle(self) -> bool:
        """Choose by what the operands are known to hold by now; false where nothing is found."""
        found = [(slot, method) for slot in self._waiting for method in self._meant(slot)]
        for slot, method in found:
            self._call(slot, method)
        chosen = {slot for slot, _ in found}
        self._waiting = [slot for slot in self._waiting if slot not in chosen]
        return bool(found)

    def _meant(self, slot: int) -> list[int]:
        program, held = self._program, self._propagation.held
        left = [inner >> SHIFT for inner in held(program.part(program.part(slot))) if inner & MASK == INSTANCE_OF]
        if any(not self._hierarchy.external_bases_of(definition) for definition in left):
            return []
        order = {
            owner
            for inner in held(program.part(slot, 1))
            if inner & MASK == INSTANCE_OF and program.is_class(inner >> SHIFT)
            for owner in self._hierarchy.order(inner >> SHIFT)
        }
        found = [method for method in self._asked(slot) if not order.isdisjoint(self._classes(method, 1))] if order else []
        return [method for method in found if self._is_left(method, program.part(program.part(slot)))]

    def _call(self, slot: int, method: int) -> None:
        """The operator is called with both operands."""
        program, callee = self._program, self._program.part(slot)
        if program.definitions[method].receiver != UNKNOWN or program.traits[program.file_of_slot(slot)].top_type:
            callee = self._of_its_own(slot, callee)
        self._propagation.connect(program.part(callee), program.parameter_slot(method, 0))
        self._propagation.add(callee, value(BOUND, method))

    def _of_its_own(self, slot: int, callee: int) -> int:
        """A callee that no other operation has: what is written alike elsewhere (`2.0 * x`) may mean the operator of the numbers."""
        program, first = self._program, self._program.first_of_slot[slot]
        own = program.derived_slot(callee, MEMBER, program.texts[callee], (program.part(callee),))
        program.parts[slot] = (own - first, *program.parts[slot][1:])
        self._propagation.subscribe(own, slot)
        return own
