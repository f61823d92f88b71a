"""Types that say of a value only that it is a function: delegates, interfaces of the library that ask for one method."""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import ARRAY, GENERIC, UNKNOWN
from aelus.domain.linking.library_types import NOTHING_ASKED, library_types
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import DEF, EXTERNAL, MASK, SHIFT

NESTED: Final = 32
"""Containers inside each other that are looked into."""


class FunctionTypes:
    """Knows the types that functions are given for."""

    def __init__(self, program: Program, names: Names) -> None:
        self._program = program
        self._names = names
        self._known: dict[tuple[int, str], bool] = {}
        """Type as a value, and what the language counts as such types → whether it is one of functions."""

    def are_of(self, declared: int) -> bool:
        """Whether a declared type is one of functions, in a language where functions stand for such types."""
        program = self._program
        traits = program.traits[program.file_of_slot(declared)]
        if not traits.functional_types:
            return False
        named = program.part(declared) if program.forms[declared] == GENERIC else declared
        return any(self._is_one(inner, traits.types) for inner in self._names.static(named))

    def are_in(self, declared: int) -> bool:
        """Whether a type is one of containers of functions, by its last argument, perhaps inside of others."""
        program = self._program
        for _ in range(NESTED):
            parts = program.parts[declared]
            if program.forms[declared] not in (GENERIC, ARRAY) or not parts or self.are_of(declared):
                return False
            declared = program.first_of_slot[declared] + parts[-1]
            if self.are_of(declared):
                return True
        return False

    def _is_one(self, inner: int, types: str) -> bool:
        known = self._known.get((inner, types))
        if known is None:
            known = self._known[inner, types] = self._asks_for_one(inner >> SHIFT, inner & MASK, types)
        return known

    def _asks_for_one(self, index: int, tag: int, types: str) -> bool:
        if tag == EXTERNAL:
            entry = library_types(types).get(self._names.externals.entries[index].qualified_name)
            return entry is not None and entry.parameters != NOTHING_ASKED
        entry_of = self._program.definitions[index] if tag == DEF else None
        return entry_of is not None and entry_of.kind == "TypeAlias" and entry_of.returns == UNKNOWN
