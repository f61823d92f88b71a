"""Constructors that run without being named: that of the base class, where a constructor calls no other one first."""

from __future__ import annotations

from collections.abc import Iterable

from aelus.domain.facts import CALL_REFERENCE, SUPER, THIS
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import SUPER_OF, value


class ImpliedConstructors:
    """Finds what constructors run before their bodies."""

    def __init__(self, program: Program, hierarchy: Hierarchy, flow: ValueFlow) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._flow = flow
        self._chained = {
            program.first_definition[file] + reference.definition
            for file, unit in enumerate(program.units)
            if program.traits[file].implied_super
            for reference in unit.facts.references
            if reference.kind == CALL_REFERENCE
            and program.forms[program.part(program.first_slot[file] + reference.expression)] in (THIS, SUPER)
        }

    def of(self, constructor: int) -> Iterable[int]:
        """Constructors of the base class that the constructor of a class runs which calls no other one."""
        program = self._program
        owner = self._hierarchy.owner.get(constructor, -1)
        if owner < 0 or constructor in self._chained or not program.traits[program.file_of_definition[constructor]].implied_super:
            return ()
        if program.definitions[owner].kind != "Class" or "static" in program.definitions[constructor].modifiers:
            return ()
        found = self._flow.chained_constructors(program.slot_of_definition[constructor], value(SUPER_OF, owner))
        return [other for other in found if self._hierarchy.signatures.takes(other, 0)]
