"""Receivers of methods whose type is one of functions: what is converted to the type is what its methods are called on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aelus.domain.facts import LOCAL, MEMBER, UNKNOWN
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation

NOBODY: Final = -1


class ConvertedReceivers:
    """Lets converted values reach the receivers of methods that are declared outside of their type."""

    def __init__(self, program: Program, hierarchy: Hierarchy, propagation: Propagation) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._variables: dict[int, int] = {}
        self._of_class: dict[int, tuple[int, ...]] = {}
        self._scopes: dict[tuple[int, int], list[int]] | None = None

    def convert(self, definition: int, source: int) -> None:
        """`T(f)`: `f` is what any method of `T` may be called on."""
        for variable in self._receivers(definition):
            self._propagation.connect(source, variable)

    def call(self, callee: int, method: int) -> None:
        """`f.m()`: `f` is what the method is called on."""
        variable = self._variable(method) if self._program.forms[callee] == MEMBER else NOBODY
        if variable >= 0:
            self._propagation.connect(self._program.part(callee), variable)

    def _receivers(self, definition: int) -> Sequence[int]:
        known = self._of_class.get(definition)
        if known is None:
            found = (self._variable(method) for method in self._hierarchy.declared_methods(definition))
            known = self._of_class[definition] = tuple(variable for variable in found if variable >= 0)
        return known

    def _variable(self, method: int) -> int:
        """The variable that holds the receiver, which is the first of its scope that has the receiver's type; -1 without one."""
        known = self._variables.get(method)
        if known is None:
            known = self._variables[method] = self._find(method)
        return known

    def _find(self, method: int) -> int:
        program, entry = self._program, self._program.definitions[method]
        file = program.file_of_definition[method]
        first = program.first_slot[file]
        if entry.receiver == UNKNOWN:
            return NOBODY
        parameters = {first + parameter.variable for parameter in entry.parameters}
        for variable in self._declared_in().get((first, entry.body), ()):
            if variable not in parameters and first + entry.receiver in program.declared[variable]:
                return variable
        return NOBODY

    def _declared_in(self) -> dict[tuple[int, int], list[int]]:
        """(first slot of the file, scope) → variables whose types are declared."""
        if self._scopes is None:
            program, found = self._program, dict[tuple[int, int], list[int]]()
            for variable in program.declared:
                if program.forms[variable] == LOCAL:
                    found.setdefault((program.first_of_slot[variable], program.parts[variable][0]), []).append(variable)
            self._scopes = found
        return self._scopes
