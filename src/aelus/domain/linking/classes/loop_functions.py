"""Functions beside a class that say what a loop over its instances asks for: `begin` and `end` of what they are given.

Source: ISO/IEC 14882, "The range-based for statement": they are looked for beside the class alone, where that has no member of the name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.signatures import alternatives
from aelus.domain.linking.values import DEF, MASK, SHIFT

OPERATIONS: Final = ("iterate", "iterate_end")


class LoopFunctions:
    """Finds them by the type of their only parameter."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        words = {
            name
            for traits in program.languages
            if traits.templates
            for operation, given in traits.protocols
            if operation in OPERATIONS
            for name in alternatives(given)
        }
        self._found: dict[tuple[str, int], list[int]] = {}
        """(name, class) → functions."""
        for definition, entry in enumerate(program.definitions) if words else ():
            if entry.name in words and len(entry.parameters) == 1 and definition not in hierarchy.owner and entry.kind == "Function":
                for owner in self._given(definition):
                    self._found.setdefault((entry.name, owner), []).append(definition)

    def of(self, definition: int, name: str) -> Sequence[int]:
        """Functions of the name that take an instance of the class, or of one of its bases."""
        if not self._found:
            return ()
        return next((found for owner in self._hierarchy.order(definition) if (found := self._found.get((name, owner)))), ())

    def takes(self, function: int) -> bool:
        """Whether it is such a function, which is given the instance."""
        return bool(self._found) and function not in self._hierarchy.owner

    def _given(self, function: int) -> Iterator[int]:
        """Classes beside which a function stands that takes them."""
        program = self._program
        file, declared = program.file_of_definition[function], program.definitions[function].parameters[0].type
        for inner in self._names.static(program.first_slot[file] + declared) if declared else ():
            owner = inner >> SHIFT
            if inner & MASK == DEF and program.is_class(owner) and self._space(owner) == self._space(function):
                yield owner

    def _space(self, definition: int) -> tuple[str, ...]:
        """Names of the namespaces around."""
        program, names = self._program, list[str]()
        while (definition := program.parent_of(definition)) >= 0:
            if program.definitions[definition].kind == "Namespace":
                names.append(program.definitions[definition].name)
        return tuple(names)
