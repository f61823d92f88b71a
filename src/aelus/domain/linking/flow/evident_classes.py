"""Classes of which the text itself says that a value is an instance, in languages where no class extends another one."""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import CALL, LOCAL, NEW
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import DEF, MASK, SHIFT

CONCRETE: Final = frozenset({"Struct", "Enum"})
DEPTH: Final = 3
"""Variables behind which the class is looked for."""


class EvidentClasses:
    """Looks at literals, declarations and results."""

    def __init__(self, program: Program, names: Names) -> None:
        self._program = program
        self._names = names

    def is_evident(self, argument: int, depth: int = DEPTH) -> bool:
        """Whether the text says of which class an argument is an instance, where no other one extends that."""
        program, form = self._program, self._program.forms[argument]
        if not program.traits[program.file_of_slot(argument)].literal_instances:
            return False
        if form == NEW:
            return self._is_class(program.part(argument))
        if form == CALL:
            functions = [inner >> SHIFT for inner in self._names.static(program.part(argument)) if inner & MASK == DEF]
            made = [function for function in functions if program.is_function(function) and program.definitions[function].returns]
            return len(made) == 1 and self._is_class(self._result_of(made[0]))
        if form != LOCAL or not depth:
            return False
        if written := program.declared.get(argument):
            return all(map(self._is_class, written))
        sources = program.sources.get(argument, ())
        return self._is_class(argument) or (len(sources) == 1 and self.is_evident(sources[0], depth - 1))

    def _is_class(self, slot: int) -> bool:
        """Whether an expression names one class, and no interface or type parameter."""
        static = self._names.static(slot)
        return len(static) == 1 and static[0] & MASK == DEF and self._program.definitions[static[0] >> SHIFT].kind in CONCRETE

    def _result_of(self, function: int) -> int:
        program = self._program
        return program.first_slot[program.file_of_definition[function]] + program.definitions[function].returns
