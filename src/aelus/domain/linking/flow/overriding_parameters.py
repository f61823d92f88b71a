"""Functions that are given to a method reach what overrides it: `results.map(f)` names the method of an interface, which calls nothing."""

from __future__ import annotations

from typing import Final

from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.members.function_values import FunctionValues
from aelus.domain.linking.program import Program

CLASSES: Final = 16
"""Subclasses whose methods are given the functions; where there are more, no method is."""
NONE: Final[tuple[tuple[int, int], ...]] = ()


class OverridingParameters:
    """Finds the parameters for functions that overriding methods have, in languages where types say which these are."""

    def __init__(self, program: Program, hierarchy: Hierarchy, functions: FunctionValues) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._functions = functions
        self._known: dict[int, tuple[tuple[int, int], ...]] = {}

    def of(self, function: int) -> tuple[tuple[int, int], ...]:
        """(position, variable) of the parameters of overriding methods that what a call of the method gives there reaches, too."""
        known = self._known.get(function)
        if known is None:
            known = self._known[function] = self._find(function)
        return known

    def _find(self, function: int) -> tuple[tuple[int, int], ...]:
        program = self._program
        if not program.traits[program.file_of_definition[function]].functional_types or function not in self._hierarchy.owner:
            return NONE
        variables = self._variables(function)
        asking = [position for position, variable in enumerate(variables) if self._functions.is_type_of(variable)]
        if not asking:
            return NONE
        below = self._hierarchy.descendants(self._hierarchy.owner[function], CLASSES + 1)
        overriding = self._hierarchy.overriding(function, CLASSES) if len(below) <= CLASSES else ()
        theirs = [self._variables(method) for method in overriding]
        return tuple([(position, each[position]) for each in theirs for position in asking if position < len(each)])

    def _variables(self, function: int) -> list[int]:
        first = self._program.first_slot[self._program.file_of_definition[function]]
        return [first + parameter.variable for parameter in self._program.definitions[function].parameters]
