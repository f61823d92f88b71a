"""Members that a call may reach besides the one that its receiver's type names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aelus.domain.facts import IMPLICIT, LOCAL, MEMBER, NEW, SUPER, THIS
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.graph.origins import Origins
from aelus.domain.linking.graph.outside_interfaces import OutsideInterfaces
from aelus.domain.linking.graph.outside_types import OutsideTypes
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import BOUND, DEF, EXTERNAL, GENERIC_OF, INSTANCE_OF, LIBRARY_METHOD, MASK, OBJECT, SHIFT

EXACT: Final = frozenset({NEW, SUPER})
"""Receivers whose class is known to be no other one: what is made in place, and what is looked up behind a class."""
DISPATCH_LIMIT: Final = 256
"""Overriding members that one call is linked to."""

TAKEN_FROM: Final = 4
"""Members that one variable is taken from; of one that is taken from more, nothing is said."""


class Dispatch:
    """Finds what subtyping makes possible: overriding methods, and functions that literals of a type have in the place of its members."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, flow: ValueFlow, origins: Origins) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._flow = flow
        self._outside = OutsideTypes(program, names, hierarchy, origins)
        self._interfaces = OutsideInterfaces(program, names, hierarchy, origins)
        self._of_method: dict[tuple[int, int], tuple[int, ...]] = {}
        self._known: dict[tuple[int, str], tuple[int, ...]] = {}
        self._of_field: dict[tuple[int, str], tuple[int, ...]] = {}
        self._virtual = {
            (program.parent_of(definition), entry.name)
            for definition, entry in enumerate(program.definitions)
            if (word := program.traits[program.file_of_definition[definition]].virtual) and word in entry.modifiers
        }

    def of_method(self, callee: int, definition: int) -> tuple[int, ...]:
        """What may run in place of a method."""
        program = self._program
        owner, name = self._hierarchy.owner[definition], program.definitions[definition].name
        receivers = self._receivers(callee, owner)
        if receivers is None:
            return ()
        if not receivers:
            return self._all_of_method(definition, owner, name, -1)
        found = (method for below in receivers for method in self._all_of_method(definition, owner, name, below))
        return tuple(dict.fromkeys(found))[:DISPATCH_LIMIT]

    def _all_of_method(self, definition: int, owner: int, name: str, below: int) -> tuple[int, ...]:
        known = self._of_method.get((definition, below))
        if known is None:
            virtual = self._is_virtual(definition, owner, name)
            found = self._hierarchy.overriding(definition, DISPATCH_LIMIT, below) if virtual else ()
            outside = self._interfaces.for_types_from_elsewhere(owner, name)
            known = self._of_method[definition, below] = (*found, *outside, *self._in_literals(owner, name))[:DISPATCH_LIMIT]
        return known

    def _receivers(self, callee: int, owner: int) -> Sequence[int] | None:
        """Classes below that of the method which the receiver is known to be of: none where that is not known, None where no other."""
        program, form = self._program, self._program.forms[callee]
        if form == IMPLICIT:
            around = program.enclosing_classes(program.definition_of(callee))
            classes = [next((c for c in around if owner in self._hierarchy.order(c)), owner)]
        elif form != MEMBER:
            return ()
        elif program.forms[holder := program.part(callee)] in EXACT or self._names_class(holder):
            return None
        else:
            values = () if self._flow.is_saturated(holder) else self._flow.values(holder)
            classes = [inner >> SHIFT if inner & MASK == INSTANCE_OF else owner for inner in values if inner & MASK != GENERIC_OF]
        if program.traits[program.file_of_definition[owner]].structural_interfaces:
            # a type that embeds an interface is none that the members of other types could be of
            classes = [c if program.is_class(c) and program.definitions[c].kind == "Interface" else owner for c in classes]
        below = all(c != owner and program.is_class(c) and owner in self._hierarchy.order(c) for c in classes)
        return classes if below else ()

    def _names_class(self, holder: int) -> bool:
        """Whether a method is named by its class (`Base.super.m()`, `Base::m()`), which means no other one."""
        program = self._program
        if program.traits[program.file_of_slot(holder)].structural_interfaces or program.forms[holder] == THIS:
            return False
        classes = [inner >> SHIFT for inner in self._names.static(holder) if inner & MASK == DEF and program.is_class(inner >> SHIFT)]
        if program.traits[program.file_of_slot(holder)].generic_implementations:
            classes = [definition for definition in classes if program.definitions[definition].kind != "Trait"]
        return bool(classes) and not any(inner & MASK == INSTANCE_OF for inner in self._flow.values(holder))

    def of_declared(self, callee: int, caller: int) -> dict[int, None]:
        """What may run by what is declared of the receiver beside its class: fields, and interfaces from elsewhere."""
        found = self._of_fields(callee)
        found.update(dict.fromkeys(self._interfaces.of_call(callee, caller)))
        return found

    def _of_fields(self, callee: int) -> dict[int, None]:
        """What may run where a member is called that the receiver's type declares as a field, or that is one of a type from elsewhere."""
        found = self._outside.of_call(callee)
        for member in self._taken_from(callee):
            found.update(self._of_field_at(member))
        return found

    def _taken_from(self, callee: int) -> list[int]:
        """The members that a callee is: itself, or those that a variable is taken from, `const { send } = channel`."""
        program = self._program
        if program.forms[callee] == MEMBER:
            return [callee]
        sources = program.sources.get(callee, ()) if program.forms[callee] == LOCAL else ()
        return [source for source in sources if program.forms[source] == MEMBER] if len(sources) <= TAKEN_FROM else []

    def _of_field_at(self, member: int) -> dict[int, None]:
        program, found, of_field = self._program, dict[int, None](), self._of_field
        holder, name = program.part(member), program.texts[member]
        for inner in () if self._flow.is_saturated(holder) else self._flow.values(holder):
            if inner & MASK == INSTANCE_OF:
                known = of_field.get((inner >> SHIFT, name))
                if known is None:
                    owner = self._field_owner(inner >> SHIFT, name) if program.is_class(inner >> SHIFT) else -1
                    known = of_field[inner >> SHIFT, name] = self._below(owner, name) if owner >= 0 else ()
                if known:
                    found.update(dict.fromkeys(known))
            elif inner & MASK == OBJECT:
                found.update(self._flow.contexts.entries.get((inner >> SHIFT, name), {}))
        return found

    def registered(self, slot: int, callees: Sequence[int]) -> dict[int, None]:
        """Functions that a call gives to code from elsewhere, which may call them, except for those that it is known to call. What
        a container does with them, and a function of which that is said, is known.
        """
        program, found = self._program, dict[int, None]()
        if any(self._is_stated(slot, inner) for inner in callees) or not program.traits[program.file_of_slot(slot)].registers:
            return found
        known = {inner for made in self._flow.summaries.calls.made_at(slot) for inner in self._flow.values(program.part(made))}
        for part in program.parts[slot][1:]:
            argument = program.first_of_slot[slot] + part
            for inner in () if self._flow.is_saturated(argument) else self._flow.values(argument):
                if inner not in known and inner & MASK in (DEF, BOUND) and program.is_function(inner >> SHIFT):
                    found[inner >> SHIFT] = None
        return found

    def _is_stated(self, slot: int, inner: int) -> bool:
        """Whether it is said what a callee does with what it is given: the methods of containers, and functions with effects."""
        if inner & MASK != EXTERNAL:
            return inner & MASK == LIBRARY_METHOD
        qualified = self._names.externals.entries[inner >> SHIFT].qualified_name
        return bool(self._flow.summaries.library.function_effects(self._program.file_of_slot(slot), qualified))

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
