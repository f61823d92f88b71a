"""Enums whose base lies elsewhere: what their bodies assign are instances of them."""

from __future__ import annotations

from aelus.domain.facts import SEQUENCE
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program


class Enumerations:
    """Knows the constants of such classes."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._bases = {name for traits in program.languages for name in traits.enum_bases}
        entries = names.externals.entries
        self._externals = {number for number, entry in enumerate(entries) if entry.qualified_name in self._bases}
        self._known: dict[int, bool] = {}

    def is_one(self, definition: int) -> bool:
        """Whether a class is such an enum."""
        known = self._known.get(definition)
        if known is None:
            outer = self._hierarchy.external_bases_of(definition) if self._externals else ()
            known = self._known[definition] = not self._externals.isdisjoint(outer)
        return known

    def is_constant(self, definition: int, member: int) -> bool:
        """Whether a member that a class declares is one of its constants."""
        return bool(self._externals) and self.is_one(definition) and self._is_assigned(member)

    def constants(self, definition: int) -> list[int]:
        """Slots of the values that the constants of a class are made with; none for other classes."""
        members = self._names.class_members[definition] if self._externals and self.is_one(definition) else None
        return [member for member in (members or {}).values() if self._is_assigned(member)]

    def arguments(self, member: int) -> list[tuple[int, ...]]:
        """What the constructor is given for a constant: the elements of a sequence, or the value."""
        program = self._program
        sources = program.sources.get(member, ())
        return [
            tuple(program.first_of_slot[source] + part for part in program.parts[source])
            if program.forms[source] == SEQUENCE
            else (source,)
            for source in sources
        ]

    def shows_value(self, definition: int, name: str) -> bool:
        """Whether a member is what the constant was made with."""
        traits = self._program.traits[self._program.file_of_definition[definition]]
        return name in traits.enum_values and self.is_one(definition)

    def _is_assigned(self, member: int) -> bool:
        program = self._program
        bound = program.bound.get(member, ())
        return member in program.sources and not program.texts[member].startswith("_") and not any(map(program.is_function, bound))
