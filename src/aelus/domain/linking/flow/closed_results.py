"""Declared results that say all of what a call yields, in languages where annotations only add to what flows."""

from __future__ import annotations

from aelus.domain.facts import FREE, GENERIC
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.types.substitution import Arguments, Substitution
from aelus.domain.linking.values import DEF, EXTERNAL, MASK, SHIFT


class ClosedResults:
    """Knows those that are of classes which are given for type parameters."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, substitution: Substitution) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._substitution = substitution

    def is_one(self, declared: int, arguments: Arguments) -> bool:
        """Whether a result, or all that it is a container of, is of a class that is given for a type parameter and that no other class
        extends: what flows there from receivers with other types says nothing then.
        """
        program = self._program
        if program.traits[program.file_of_slot(declared)].declared_types != "hint":
            return False
        parts = [declared]
        if program.forms[declared] == GENERIC and not any(inner & MASK == DEF for inner in self._names.static(declared)):
            parts = [part for slot in program.parts[declared][1:] if program.forms[part := program.first_of_slot[declared] + slot] != FREE]
        given = [self._substitution.argument_of(part, arguments) for part in parts]
        return bool(given) and all(slot >= 0 and self._is_last(slot) for slot in given)

    def _is_last(self, given: int) -> bool:
        """Whether a type is a class of the program that no other one extends, nor stands for by having its methods."""
        named = self._names.static(given)
        if len(named) != 1 or named[0] & MASK != DEF or self._hierarchy.subclasses.get(named[0] >> SHIFT):
            return False
        program, definition = self._program, named[0] >> SHIFT
        first = program.first_slot[program.file_of_definition[definition]]
        outer = [inner for base in program.definitions[definition].bases for inner in self._names.static(first + base)]
        return program.is_class(definition) and not any(inner & MASK == EXTERNAL for inner in outer)
