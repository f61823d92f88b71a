"""Fields of single instances that literals make (`T{f: g}`), where the program text alone tells them apart from others of their type."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from aelus.domain.facts import FREE, FUNCTION_TYPE, LOCAL, MEMBER, NEW, UNKNOWN
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.records import Records
from aelus.domain.linking.members.stored_members import StoredMembers
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.values import DEF, EXTERNAL, MASK, SHIFT
from aelus.domain.numbers import natural

STORES: Final = 64
"""Assignments to members of one name that are looked at."""
NAMED: Final = frozenset({LOCAL, FREE, MEMBER})
PLAIN: Final = frozenset({"Struct", "Enum", "Interface", "Class", "Trait"})
"""Kinds of types that say all of what is of them."""


class Literals:
    """Finds what one literal, and what is assigned to the variable that holds its instance, gives a field."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, propagation: Propagation, stored: StoredMembers) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._stored = stored
        self._nothing = program.new_slot(UNKNOWN)

    def names(self) -> frozenset[str]:
        """Names of the fields that hold functions, or what a type parameter leaves open."""
        program, found = self._program, set[str]()
        for definition, entry in enumerate(program.definitions):
            if entry.kind == "Field" and entry.returns and self.makes(program.parent_of(definition)) and self._is_open(definition):
                found.add(entry.name)
        return frozenset(found)

    def makes(self, definition: int) -> bool:
        """Whether instances of a class are made by literals alone."""
        return definition >= 0 and self._program.traits[self._program.file_of_definition[definition]].literal_instances

    def _is_open(self, field: int) -> bool:
        program = self._program
        declared = program.first_slot[program.file_of_definition[field]] + program.definitions[field].returns
        if program.forms[declared] not in NAMED:
            return program.forms[declared] == FUNCTION_TYPE
        if program.texts[declared] in program.definitions[program.parent_of(field)].type_parameters:
            return True
        static = self._names.static(declared)
        return not static or not all(self._is_plain(inner) for inner in static)

    def _is_plain(self, inner: int) -> bool:
        tag, index = inner & MASK, inner >> SHIFT
        if tag == EXTERNAL:
            return True
        return tag == DEF and self._program.definitions[index].kind in PLAIN and not self._program.definitions[index].bases

    def given(self, made: int, definition: int, name: str, made_by: Callable[[int], int], records: Records) -> int:
        """Slot of what the field of the instance holds that the literal `made` makes; -1 where that is not certain."""
        program = self._program
        stores = self._stored.of(definition, name)
        if stores is None or len(stores) > STORES or self._hierarchy.defines(definition, name) < 0:
            return -1
        written = self._written(made, records.name_at, definition)
        if name not in written and "" in written:
            return -1
        found = [written[name]] if name in written else []
        for store in stores:
            holder = program.part(store)
            if program.forms[holder] == NEW or self._is_of_another(holder, definition):
                continue
            other = made_by(holder)
            if other < 0 or program.forms[other] != NEW:
                return -1
            if other == made:
                found.extend(program.sources[store])
        return self.joined(found)

    def _written(self, made: int, name_at: Callable[[int, int], str], definition: int) -> dict[str, int]:
        program = self._program
        first, parts = program.first_of_slot[made], program.parts[made]
        names = program.texts[made].split(",") if program.texts[made] else [""][: len(parts) - 1]
        given = list(zip(names, parts[1:], strict=True))
        return {name_at(definition, place) if (place := natural(name)) >= 0 else name: first + part for name, part in given}

    def _is_of_another(self, holder: int, definition: int) -> bool:
        """Whether a variable is declared to be of a type that has nothing to do with it."""
        declared = self._program.declared.get(holder, ())
        classes = [inner >> SHIFT for slot in declared for inner in self._names.static(slot) if inner & MASK == DEF]
        return bool(classes) and all(
            definition not in self._hierarchy.order(other) and other not in self._hierarchy.order(definition) for other in classes
        )

    def joined(self, slots: Sequence[int]) -> int:
        """One slot for what several hold."""
        if not slots:
            return self._nothing
        if len(slots) == 1:
            return slots[0]
        made = self._program.new_slot(UNKNOWN)
        for slot in slots:
            self._propagation.connect(slot, made)
        return made
