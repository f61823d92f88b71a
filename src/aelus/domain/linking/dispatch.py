"""Members that a call may reach besides the one that its receiver's type names."""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import MEMBER, SUPER
from aelus.domain.linking.flow import ValueFlow
from aelus.domain.linking.hierarchy import Hierarchy
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import BOUND, DEF, INSTANCE_OF, MASK, SHIFT

DISPATCH_LIMIT: Final = 256
"""Overriding members that one call is linked to."""


class Dispatch:
    """Finds what subtyping makes possible: overriding methods, and functions that literals of a type have in the place of its members."""

    def __init__(self, program: Program, hierarchy: Hierarchy, flow: ValueFlow) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._flow = flow
        self._of_method: dict[int, tuple[int, ...]] = {}
        self._known: dict[tuple[int, str], tuple[int, ...]] = {}
        self._virtual = {
            (program.parent_of(definition), entry.name)
            for definition, entry in enumerate(program.definitions)
            if (word := program.traits[program.file_of_definition[definition]].virtual) and word in entry.modifiers
        }

    def of_method(self, callee: int, definition: int) -> tuple[int, ...]:
        """What may run in place of a method."""
        program = self._program
        if program.forms[callee] == MEMBER and program.forms[program.part(callee)] == SUPER:
            return ()
        known = self._of_method.get(definition)
        if known is None:
            owner, name = self._hierarchy.owner[definition], program.definitions[definition].name
            found = self._hierarchy.overriding(definition, DISPATCH_LIMIT) if self._is_virtual(definition, owner, name) else ()
            known = self._of_method[definition] = (*found, *self._in_literals(owner, name))[:DISPATCH_LIMIT]
        return known

    def of_fields(self, callee: int) -> dict[int, None]:
        """What may run where a member is called that the receiver's type declares as a field."""
        program, found = self._program, dict[int, None]()
        if program.forms[callee] != MEMBER or self._flow.is_saturated(holder := program.part(callee)):
            return found
        name = program.texts[callee]
        for inner in self._flow.values(holder):
            if inner & MASK == INSTANCE_OF and program.is_class(inner >> SHIFT):
                owner = self._field_owner(inner >> SHIFT, name)
                found.update(dict.fromkeys(self._below(owner, name) if owner >= 0 else ()))
        return found

    def registered(self, slot: int) -> dict[int, None]:
        """Functions that a call gives to code from elsewhere, which may call them, except for those that it is known to call."""
        program, found = self._program, dict[int, None]()
        if not program.traits[program.file_of_slot(slot)].registers:
            return found
        known = {inner for made in self._flow.made_calls(slot) for inner in self._flow.values(program.part(made))}
        for part in program.parts[slot][1:]:
            argument = program.first_of_slot[slot] + part
            for inner in () if self._flow.is_saturated(argument) else self._flow.values(argument):
                if inner not in known and inner & MASK in (DEF, BOUND) and program.is_function(inner >> SHIFT):
                    found[inner >> SHIFT] = None
        return found

    def _field_owner(self, definition: int, name: str) -> int:
        """The class that declares the field; -1 where the member is a method, or there is none."""
        for owner in self._hierarchy.order(definition):
            slot = self._hierarchy.defines(owner, name)
            if slot >= 0:
                return owner if any(self._program.definitions[d].kind == "Field" for d in self._program.bound.get(slot, ())) else -1
        return -1

    def _below(self, owner: int, name: str) -> tuple[int, ...]:
        known = self._known.get((owner, name))
        if known is None:
            hierarchy = self._hierarchy
            below = hierarchy.descendants(owner, DISPATCH_LIMIT)
            found = dict.fromkeys(
                method for sub in below for method in hierarchy.methods(sub, name) if hierarchy.owner.get(method, owner) != owner
            )
            found.update(dict.fromkeys(self._in_literals(owner, name)))
            known = self._known[owner, name] = tuple(found)[:DISPATCH_LIMIT]
        return known

    def _in_literals(self, owner: int, name: str) -> tuple[int, ...]:
        """Functions that literals have in the place of a member of their type."""
        return tuple(self._flow.contexts.implementations.get(self._hierarchy.defines(owner, name), ()))

    def _is_virtual(self, definition: int, owner: int, name: str) -> bool:
        """Whether other classes can override the method, as the class says that declares it first."""
        word = self._program.traits[self._program.file_of_definition[definition]].virtual
        return not word or any((base, name) in self._virtual for base in self._hierarchy.order(owner))
