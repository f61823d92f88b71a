"""Functions that run where a member of an instance, of a class itself or of a literal is read or stored to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from aelus.domain.facts import CONSTANT, DEFINITION, INHERITED, MAPPING, RETURN, SETTER
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.values import DEF, MASK, OBJECT, SHIFT, value

INHERITED_DEPTH: Final = 8
"""Literals that inherit from each other which are followed."""
STATIC_PROPERTY: Final = frozenset({"static", "property"})


class Properties:
    """Lets what such functions return reach those who read, and what is stored reach them."""

    def __init__(self, program: Program, hierarchy: Hierarchy, propagation: Propagation, known_field: Callable[[int, str], int]) -> None:
        self._program = program
        self._known_field = known_field
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._read = {entry.name for entry in program.definitions if "property" in entry.modifiers}
        self._stored = {entry.name for entry in program.definitions if "setter" in entry.modifiers}

    def of_instances(self, bound: Sequence[int]) -> Sequence[int]:
        """Of the members of one name, those that instances show, where static ones are none of these."""
        if len(bound) == 1 or not self._apart(bound):
            return bound
        return [d for d in bound if "static" not in self._program.definitions[d].modifiers] or bound

    def _apart(self, bound: Sequence[int]) -> bool:
        """Whether static members and those of instances are apart, though they share a name."""
        return bool(bound) and bool(self._program.traits[self._program.file_of_definition[bound[0]]].prototype)

    def take_static(self, slot: int, member: int) -> bool:
        """What the class itself shows of a member beside others of its name: what properties return, and static methods.

        False where the member is neither.
        """
        program = self._program
        shared = program.bound.get(member, ())
        if len(shared) > 1 and self._apart(shared):
            own = [d for d in shared if "static" in program.definitions[d].modifiers]
            if own and len(own) < len(shared) and all(program.is_function(d) for d in shared):
                for method in own:
                    if "property" in program.definitions[method].modifiers:
                        self._propagation.connect(program.return_slot(method), slot)
                    else:
                        self._propagation.add(slot, value(DEF, method))
                return True
        bound = shared if program.texts[slot] in self._read else ()
        methods = [d for d in bound if STATIC_PROPERTY.issubset(program.definitions[d].modifiers)]
        for method in methods:
            self._propagation.connect(program.return_slot(method), slot)
        return bool(methods)

    def setter_of(self, definition: int, name: str) -> int:
        """The parameter that receives what is assigned to a property of instances, or -1."""
        if name not in self._stored:
            return -1
        methods = (method for owner in self._hierarchy.order(definition) for method in self._hierarchy.own_methods(owner, name))
        setter = next((method for method in methods if "setter" in self._program.definitions[method].modifiers), -1)
        entry = self._program.definitions[setter]
        return self._program.parameter_slot(setter, len(entry.parameters) - 1) if setter >= 0 and entry.parameters else -1

    def of_entry(self, literal: int, name: str, *, stored: bool) -> list[int]:
        """Functions that a literal has, or inherits, for when its entry of this name is read, or stored to."""
        program, found = self._program, list[int]()
        if program.forms[literal] != MAPPING or name not in (self._stored if stored else self._read):
            return found
        form, wanted = (DEFINITION, name + SETTER) if stored else (RETURN, name)
        level, seen = [literal], {literal}
        for _ in range(INHERITED_DEPTH + 1):
            above = list[int]()
            for each in level:
                own = [held for key, held in program.entries(each) if program.forms[key] == CONSTANT and program.texts[key] == wanted]
                found.extend(program.definition_of(held) for held in own if program.forms[held] == form)
                above.extend(() if own else self._inherited(each))
            level = [each for each in dict.fromkeys(above) if each not in seen]
            seen.update(level)
        return found

    def _inherited(self, literal: int) -> list[int]:
        """The literals that one inherits from."""
        slot = self._known_field(value(OBJECT, literal), INHERITED)
        held = self._propagation.held(slot) if slot >= 0 else ()
        return [inner >> SHIFT for inner in held if inner & MASK == OBJECT and self._program.forms[inner >> SHIFT] == MAPPING]

    def store(self, stored: int, literal: int, name: str) -> None:
        """What is assigned to an entry of a literal reaches the last parameter of its setter."""
        for setter in self.of_entry(literal, name, stored=True):
            entry = self._program.definitions[setter]
            if entry.parameters:
                self._propagation.connect(stored, self._program.parameter_slot(setter, len(entry.parameters) - 1))
