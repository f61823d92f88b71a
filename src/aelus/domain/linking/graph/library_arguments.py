"""What the type arguments of a library's type leave out: a `List<Name>` is no class that extends `ArrayList<Cell>`."""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import GENERIC
from aelus.domain.linking.choosing.conversions import MISMATCH
from aelus.domain.linking.choosing.overloads import Overloads
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import EXTERNAL, EXTERNAL_INSTANCE, MASK, OBJECT, SHIFT

UNKNOWN_TYPE: Final = ""


class LibraryArguments:
    """Compares them with those that classes of the program give the type."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, flow: ValueFlow, overloads: Overloads) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._flow = flow
        self._overloads = overloads
        self._known: dict[tuple[int, int], bool] = {}

    def fitting(self, holder: int, methods: tuple[int, ...]) -> tuple[int, ...]:
        """Those of the methods whose class a receiver may be of by its type arguments."""
        given = self._given(holder) if methods else []
        return tuple([m for m in methods if any(self._fits(self._hierarchy.owner[m], generic) for generic in given)]) if given else methods

    def _given(self, holder: int) -> list[int]:
        """The generic types that a receiver is declared as; none where it may be of others."""
        program, entries, values = self._program, self._names.externals.entries, self._flow.values(holder)
        found = [inner >> SHIFT for inner in values if inner & MASK == OBJECT and program.forms[inner >> SHIFT] == GENERIC]
        named = {self._name(generic) for generic in found}
        plain = [inner for inner in values if inner & MASK == EXTERNAL_INSTANCE and entries[inner >> SHIFT].qualified_name in named]
        return found if len(found) + len(plain) == len(values) else []

    def _fits(self, definition: int, generic: int) -> bool:
        known = self._known.get((definition, generic))
        if known is None:
            known = self._known[definition, generic] = not any(self._differ(generic, base) for base in self._bases(definition, generic))
        return known

    def _bases(self, definition: int, generic: int) -> list[int]:
        """Generic types from elsewhere that a class extends which are that of the receiver, or extend it."""
        program, name, found = self._program, self._name(generic), list[int]()
        for owner in self._hierarchy.order(definition):
            entry, first = program.definitions[owner], program.first_slot[program.file_of_definition[owner]]
            for slot in (first + part for part in (*entry.bases, *entry.interfaces)):
                base = self._name(slot) if program.forms[slot] == GENERIC else UNKNOWN_TYPE
                if base and (base == name or name in self._flow.summaries.library.ancestors(owner, base)):
                    found.append(slot)
        return found

    def _name(self, generic: int) -> str:
        """Full name of a generic type from elsewhere."""
        found = (inner >> SHIFT for inner in self._names.static(generic) if inner & MASK == EXTERNAL)
        return next((self._names.externals.entries[external].qualified_name for external in found), UNKNOWN_TYPE)

    def _differ(self, one: int, other: int) -> bool:
        """Whether two types of as many arguments have one for which neither can be given for the other."""
        program = self._program
        if len(program.parts[one]) != len(program.parts[other]):
            return False
        return any(self._differ_at(program.part(one, place), program.part(other, place)) for place in range(1, len(program.parts[one])))

    def _differ_at(self, one: int, other: int) -> bool:
        conversions = self._overloads.conversions_of(self._program.traits[self._program.file_of_slot(one)])
        mine, theirs = self._overloads.types.declared(one), self._overloads.types.declared(other)
        if mine is None or theirs is None:
            return False
        return max(conversions.match(mine, theirs), conversions.match(theirs, mine)) <= MISMATCH / 2
