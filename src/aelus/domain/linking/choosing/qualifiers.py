"""What a declaration says of a value besides its type: that it is constant, that it points to an instance.

Both are literal types beside the declared one. Source: ISO/IEC 14882, "CV-qualifiers", "Pointers".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aelus.domain.facts import CALL, IMPLICIT, INDEX, LITERAL, LOCAL, MEMBER, NEW, THIS, UNION
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import BOUND, DEF, INSTANCE_OF, MASK, SHIFT

CONST: Final = "const"
"""Mark of a constant, and modifier of methods that leave their receiver as it is."""
CONSTANT_RESULT: Final = "constant"
"""Modifier of functions whose result is constant."""
POINTER: Final = "*"
REFERENCE: Final = "&"
WRAPPED: Final = "->"
"""Mark of a variable whose type is a wrapper that stands for what it holds."""
ELEMENTS: Final = "[]"
"""Mark of an array of instances, which is a pointer, too."""
MARKS: Final = frozenset({CONST, POINTER, REFERENCE, WRAPPED, ELEMENTS})
DEPTH: Final = 6
"""Steps from an expression to what its value comes from."""


class Qualifiers:
    """Reads marks."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, flow: ValueFlow) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._flow = flow

    def types(self, slot: int) -> list[int]:
        """Declared types of a variable, without marks."""
        return [inner for inner in self._program.declared.get(slot, ()) if self._mark(inner) is None]

    def _mark(self, slot: int) -> str | None:
        marked = self._program.forms[slot] == LITERAL and self._program.texts[slot] in MARKS
        return self._program.texts[slot] if marked else None

    def has(self, slot: int, mark: str) -> bool:
        """Whether the declaration of a variable bears the mark."""
        return any(self._mark(inner) == mark for inner in self._program.declared.get(slot, ()))

    def fields(self, slot: int) -> Iterator[int]:
        """The fields that a member, or a bare name inside a class, can mean; none for other expressions."""
        program = self._program
        if program.forms[slot] == IMPLICIT:
            owners = list(self._program.enclosing_classes(program.definition_of(slot))) or self._receivers(slot)
        elif program.forms[slot] == MEMBER:
            owners = [inner >> SHIFT for inner in self._flow.values(program.part(slot)) if inner & MASK == INSTANCE_OF]
        else:
            owners = []
        for owner in owners:
            found = (self._hierarchy.defines(base, program.texts[slot]) for base in self._hierarchy.order(owner))
            yield from (field for field in found if field >= 0)

    def _receivers(self, slot: int) -> list[int]:
        """The class of the method that stands outside of it."""
        owner = self._hierarchy.owner.get(self._program.definition_of(slot))
        return [] if owner is None else [owner]

    # --- pointers ------------------------------------------------------------------------------------------------------------------------

    def points(self, slot: int) -> bool | None:
        """Whether the value is a pointer; None where it is not known."""
        program, form = self._program, self._program.forms[slot]
        if form == LOCAL:
            variable = slot if slot in program.declared else program.variable_of(slot)
            return self.has(variable, POINTER) or self.has(program.variable_of(slot), POINTER) if self.types(variable) else None
        if form in (MEMBER, IMPLICIT):
            field = next(self.fields(slot), -1)
            return self.has(field, POINTER) if field >= 0 and self.types(field) else None
        if form == UNION:
            marks = [self._mark(program.first_of_slot[slot] + part) for part in program.parts[slot]]
            return True if POINTER in marks else False if REFERENCE in marks else None
        return True if form == THIS else None

    def is_itself(self, slot: int) -> bool:
        """Whether an expression is known to be an instance, not a pointer to one or a wrapper of one."""
        program, form = self._program, self._program.forms[slot]
        if form == LOCAL:
            variables = [slot, program.variable_of(slot)]
        elif form in (MEMBER, IMPLICIT):
            variables = list(self.fields(slot))[:1]
        else:
            return form == NEW
        known = any(program.forms[inner] != LITERAL for variable in variables for inner in self.types(variable))
        return known and not any(self.has(variable, mark) for variable in variables for mark in (POINTER, WRAPPED))

    def refers(self, slot: int) -> bool:
        """Whether a field is a pointer or a reference, or holds one."""
        field = next(self.fields(slot), -1)
        return field >= 0 and (self.has(field, POINTER) or self.has(field, REFERENCE))

    # --- constants -----------------------------------------------------------------------------------------------------------------------

    def is_constant(self, slot: int, caller: int, depth: int = 0) -> bool:
        """Whether what an expression stands for, or points to, cannot be changed through it in the definition `caller`."""
        program, form = self._program, self._program.forms[slot]
        if depth > DEPTH:
            return False
        if form == THIS:
            return self._in_constant(caller)
        if form == LOCAL:
            return self._is_constant_variable(slot, caller, depth)
        if form in (MEMBER, IMPLICIT):
            return self._is_constant_field(slot, caller, depth)
        if form in (UNION, INDEX):
            parts = program.parts[slot] if form == UNION else program.parts[slot][:1]
            return any(self.is_constant(program.first_of_slot[slot] + part, caller, depth + 1) for part in parts)
        return self._mark(slot) == CONST or (form == CALL and self._is_constant_result(slot, caller, depth))

    def _in_constant(self, caller: int) -> bool:
        return caller >= 0 and CONST in self._program.definitions[caller].modifiers

    def _is_constant_variable(self, slot: int, caller: int, depth: int) -> bool:
        program = self._program
        variable = slot if slot in program.declared else program.variable_of(slot)
        if self.has(variable, CONST) or self.has(program.variable_of(slot), CONST):
            return True
        if self._is_receiver(variable, caller):
            return self._in_constant(caller)
        sources = program.sources.get(slot, ()) or program.sources.get(variable, ())
        if self.types(variable) or len(sources) != 1:
            return False
        return self.is_constant(sources[0], caller, depth + 1)

    def _is_receiver(self, variable: int, caller: int) -> bool:
        """Whether it is the receiver of a method that stands outside of its class."""
        program = self._program
        entry = program.definitions[caller] if caller >= 0 else None
        if entry is None or not entry.receiver:
            return False
        first = program.first_slot[program.file_of_definition[caller]]
        named = any(first + parameter.variable == variable for parameter in entry.parameters)
        return first + entry.receiver in self.types(variable) and not named

    def _is_constant_field(self, slot: int, caller: int, depth: int) -> bool:
        field = next(self.fields(slot), -1)
        if field < 0:
            return False
        if self.has(field, CONST):
            return True
        if self.has(field, POINTER):
            return False
        if self._program.forms[slot] == IMPLICIT:
            return self._in_constant(caller)
        return self.is_constant(self._program.part(slot), caller, depth + 1)

    def _is_constant_result(self, slot: int, caller: int, depth: int) -> bool:
        """Of functions that differ in it, the constant receiver's has the constant result."""
        program, callee = self._program, self._program.part(slot)
        called = [inner >> SHIFT for inner in self._flow.values(callee) if inner & MASK in (DEF, BOUND)]
        constant = [CONSTANT_RESULT in program.definitions[definition].modifiers for definition in called]
        if all(constant) or not any(constant):
            return bool(called) and all(constant)
        return self.has_constant_receiver(slot, caller, depth + 1)

    def has_constant_receiver(self, slot: int, caller: int, depth: int = 0) -> bool:
        """Whether the receiver of a call is constant."""
        callee = self._program.part(slot)
        if self._program.forms[slot] == INDEX:
            return self.is_constant(callee, caller, depth)
        if self._program.forms[callee] == IMPLICIT:
            return self._in_constant(caller)
        return self._program.forms[callee] == MEMBER and self.is_constant(self._program.part(callee), caller, depth)
