"""Arrays that nothing makes: `hooks[count++] = f` puts a function into a place that was declared as an array, or got from `malloc`."""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import FREE, IMPLICIT, INDEX, LOCAL, MEMBER
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import HELD, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.containers import ANY_KEY, Containers
from aelus.domain.linking.values import BOUND, DEF, INSTANCE_OF, MASK, OBJECT, SHIFT, value

DIMENSIONS: Final = 3


class Arrays:
    """Gives such places a container."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, propagation: Propagation, containers: Containers) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._containers = containers
        self._made: dict[int, int] = {}
        """Variable or field → its container."""
        self._waiting = [
            slot for slot in program.of_form(INDEX, lambda traits: traits.pointers) if slot in program.sources and slot < program.file_slots
        ]

    def settle(self) -> bool:
        """Make a container where a function is stored that is known by now, and none is; false where there is none left."""
        ready = [slot for slot in self._waiting if self._is_given_functions(slot)]
        made = [slot for slot in ready if self._hold(self._program.part(slot), 0)]
        self._waiting = [slot for slot in self._waiting if slot not in made]
        return bool(made)

    def _is_given_functions(self, slot: int) -> bool:
        held = (inner for source in self._program.sources[slot] for inner in self._propagation.held(source))
        return any(inner & MASK in (DEF, BOUND) and self._program.is_function(inner >> SHIFT) for inner in held)

    def _hold(self, holder: int, depth: int) -> bool:
        """Let what is stored to hold a container; false where it holds something already."""
        if depth >= DIMENSIONS or any(inner & MASK in (OBJECT, INSTANCE_OF) for inner in self._propagation.held(holder)):
            return False
        if self._program.forms[holder] == INDEX:
            return self._hold_row(holder, depth)
        places = self._places(holder)
        for place in places:
            self._propagation.add(place, self._container(place))
        return bool(places)

    def _hold_row(self, holder: int, depth: int) -> bool:
        """A row of an array of arrays."""
        outer = self._program.part(holder)
        self._hold(outer, depth + 1)
        rows = [inner for inner in self._propagation.held(outer) if inner & MASK == OBJECT]
        for row in rows:
            field = self._containers.field(row, ANY_KEY)
            self._propagation.add(field, self._container(field))
        return bool(rows)

    def _container(self, place: int) -> int:
        made = self._made.get(place, -1)
        if made < 0:
            made = self._made[place] = value(OBJECT, self._program.derived_slot(self._program.first_slot[0], HELD, "", ()))
        return made

    def _places(self, holder: int) -> list[int]:
        """The variable or the fields that an expression names."""
        program, form, name = self._program, self._program.forms[holder], self._program.texts[holder]
        if form == LOCAL:
            return [program.variable_of(holder), holder]
        if form in (FREE, IMPLICIT):
            fields = self._fields(list(program.enclosing_classes(program.definition_of(holder))), name) if form == IMPLICIT else []
            return fields or list(self._names.anywhere(program.file_of_slot(holder), name).slots)
        if form != MEMBER:
            return []
        held = self._propagation.held(program.part(holder))
        return self._fields([inner >> SHIFT for inner in held if inner & MASK == INSTANCE_OF], name)

    def _fields(self, owners: list[int], name: str) -> list[int]:
        found = (self._hierarchy.declaring(owner, name) for owner in owners)
        return list(dict.fromkeys(field for field in found if field >= 0))
