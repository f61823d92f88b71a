"""What is called where more can be than is followed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from aelus.domain.facts import AWAIT, CALL, ENTER, INDEX, ITERATE, LOCAL, MEMBER, NEW, SLICE, UNION
from aelus.domain.linking.choosing.qualifiers import Qualifiers
from aelus.domain.linking.classes.hierarchy import OPERATOR, Hierarchy
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.graph.given_bounds import given_in
from aelus.domain.linking.graph.origins import Origins
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import SINGLE, Program
from aelus.domain.linking.signatures import IMPLEMENTING
from aelus.domain.linking.values import BOUND, DEF, EXTERNAL, INSTANCE_OF, MASK, SHIFT, value

OPENING: Final = (INDEX, ITERATE, SLICE, ENTER, AWAIT)
"""Forms that take something out of a value."""


class Callees:
    """Falls back to what is declared of callees."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, flow: ValueFlow, origins: Origins) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._flow = flow
        self._origins = origins
        self._qualifiers = Qualifiers(program, names, hierarchy, flow)
        self._unknown: set[int] = set()
        self._counts = any(bool(traits.top_type) for traits in program.languages)
        self._tells_types = any(traits.generic_implementations for traits in program.languages)
        self._foreign_methods = frozenset(
            d for methods in hierarchy.extensions.values() for d in methods if program.definitions[d].receiver
        )

    def is_exact(self, slot: int) -> bool:
        """Whether the number of arguments alone tells that a function is not meant."""
        return self._counts and slot < self._program.file_slots and bool(self._program.traits[self._program.file_of_slot(slot)].top_type)

    def makes_instance(self, slot: int, definition: int) -> bool:
        """Whether calling a class makes an instance of it: a function stands for an interface, an object is its only one, and beside a
        method of its name a class is not called. What a type parameter makes is of a class that is not known, whatever its bound is.
        """
        program, entry = self._program, self._program.definitions[definition]
        named = program.forms[slot] == CALL and program.texts[program.part(slot)] == entry.name
        if named and not program.traits[program.file_of_slot(slot)].call_constructs and self.is_exact(slot):
            return False
        if entry.kind == "Interface":
            return program.forms[slot] != CALL and not self.is_exact(slot)
        makes_any = program.forms[slot] == NEW and self.is_exact(slot) and program.is_type_parameter(program.part(slot))
        return SINGLE not in entry.modifiers and not makes_any

    def is_named(self, callee: int, macro: int) -> bool:
        """Whether a macro is used here; what it stands for may be a value elsewhere."""
        program = self._program
        return not program.traits[program.file_of_slot(callee)].pointers or program.texts[callee] == program.definitions[macro].name

    def is_lost(self, callee: int) -> bool:
        """Whether so much can be called here that nothing is known. A receiver's own class is known all the same."""
        if self._flow.is_saturated(callee):
            return True
        if self._program.forms[callee] != MEMBER:
            return False
        holder = self._program.part(callee)
        return self._flow.is_saturated(holder) and not self._origins.is_receiver(holder)

    def calls_type(self, slot: int, values: Sequence[int]) -> bool:
        """Whether calling a value of a type from elsewhere is a call of the type: it is where no function is known to be the value."""
        traits = self._program.traits[self._program.file_of_slot(slot)]
        if traits.top_type or traits.call_constructs:
            return False
        return not any(inner & MASK in (DEF, BOUND) for inner in values)

    def tells_types(self, slot: int) -> bool:
        """Whether the language of an expression gives types from elsewhere methods."""
        return self._tells_types and self._program.traits[self._program.file_of_slot(slot)].generic_implementations

    def of_stated_type(self, slot: int, values: Sequence[int], *, stated: bool) -> Sequence[int]:
        """Of the methods that a member can be: those for types from elsewhere where such a type is declared, the others where none is."""
        values = self._of_receiver(slot, values)
        if all(inner & MASK != BOUND for inner in values):
            return values
        return [inner for inner in values if inner & MASK != BOUND or self._is_for(inner >> SHIFT, stated=stated)]

    def _of_receiver(self, slot: int, values: Sequence[int]) -> Sequence[int]:
        """A method that is named by its interface, `Trait::m(x)`, is that of the type of its first argument, where this is known."""
        program, callee = self._program, self._program.part(slot)
        if len(values) != 1 or len(program.parts[slot]) == 1:
            return values
        interface, argument = self._interface(self._names.static(program.part(callee)), values[0]), program.part(slot, 1)
        if not interface or self._flow.is_saturated(argument):
            return values
        classes = self._flow.instances(argument)
        if len(classes) != 1 or len(self._flow.values(argument)) != 1 or not program.is_class(classes[0]):
            return values
        own = self._hierarchy.own_methods(classes[0], program.texts[callee])
        modifiers = {each: program.definitions[each].modifiers for each in own}
        found = [each for each in own if IMPLEMENTING + interface in modifiers[each] and "static" not in modifiers[each]]
        return [value(BOUND, found[0])] if len(found) == 1 else values

    def _interface(self, named: Sequence[int], member: int) -> str:
        """Name of the interface that a member is named by, which has a receiver, as far as that is known; empty for any other type."""
        if len(named) != 1:
            return ""
        tag, index = named[0] & MASK, named[0] >> SHIFT
        if tag == EXTERNAL:
            return self._names.externals.entries[index].qualified_name.rpartition(".")[2] if member & MASK == EXTERNAL else ""
        entry = self._program.definitions[index] if tag == DEF else None
        if entry is None or entry.kind != "Trait" or member & MASK not in (DEF, BOUND):
            return ""
        return "" if "static" in self._program.definitions[member >> SHIFT].modifiers else entry.name

    def _is_for(self, method: int, *, stated: bool) -> bool:
        """Whether a method may be one of types from elsewhere, where such a type is declared, or else of the others."""
        given = self._hierarchy.for_some.get(self._program.definitions[method].name, ())
        return (method in self._foreign_methods) == stated or method in given or method in self._hierarchy.for_all

    def of_alternatives(self, callee: int, values: Sequence[int]) -> Sequence[int]:
        """Of the methods that a receiver with alternatives has, those of the type that all of these are; others run in their place."""
        program = self._program
        holder = program.part(callee)
        if program.forms[holder] != UNION or len(values) == 1 or not program.traits[program.file_of_slot(callee)].top_type:
            return values
        methods = [inner >> SHIFT for inner in values if inner & MASK in (DEF, BOUND) and inner >> SHIFT in self._hierarchy.owner]
        below = {m for m in methods if any(other in methods for other in self._hierarchy.overridden(m))}
        return [inner for inner in values if inner & MASK not in (DEF, BOUND) or inner >> SHIFT not in below]

    def of_receivers(self, callee: int, values: Sequence[int]) -> Sequence[int]:
        """Of what a bare name can be in functions with receivers, the member of the innermost receiver that has one."""
        program = self._program
        if program.forms[callee] != UNION:
            return values
        traits = program.traits[program.file_of_slot(callee)]
        if not traits.receiver_variable or traits.prototype:
            return values
        first = program.first_of_slot[callee]
        for member in (first + part for part in program.parts[callee]):
            received = program.forms[member] == MEMBER and program.texts[program.part(member)] == traits.receiver_variable
            if received and program.forms[program.part(member)] == LOCAL and (found := self._flow.values(member)):
                return found
        return values

    def of_operands(self, slot: int, callee: int, values: Sequence[int]) -> Sequence[int]:
        """Of what an operator can call: nothing where its operands are pointers, for which the language has operators of its own."""
        program = self._program
        if not program.texts[callee].startswith(OPERATOR) or self._qualifiers.points(program.part(callee)) is not True:
            return values
        if len(program.parts[slot]) > 1 and self._qualifiers.points(program.part(slot, 1)) is False:
            return [inner for inner in values if inner & MASK not in (DEF, BOUND) or inner >> SHIFT not in self._hierarchy.owner]
        return ()

    def given_up(self) -> tuple[tuple[str, int], ...]:
        """Files, and the number of expressions in them that can hold more than is followed, those with most first.

        What parts are taken of, and callees of which nothing is declared.
        """
        program = self._program
        opened = {program.part(slot) for form in OPENING for slot in program.by_form[form] if slot < program.file_slots}
        cut = {slot for slot in opened if self._flow.is_cut(slot)} | self._unknown
        counts = Counter([program.paths[program.file_of_slot(slot)] for slot in cut])
        return tuple(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])))

    def known(self, callee: int, caller: int) -> list[int]:
        """What is called where more can be than is followed: what is declared, or the member that all known receivers share."""
        found = list(dict.fromkeys(self._declared(callee, caller) or self._common(callee)))
        if not found:
            self._unknown.add(callee)
        return found

    def _declared(self, callee: int, caller: int) -> list[int]:
        """What is called where too much can be, as far as it is declared: a member of the receiver's type, or a decorated definition."""
        program = self._program
        if program.forms[callee] == LOCAL:
            return [value(DEF, bound) for bound in program.bound.get(program.variable_of(callee), ()) if bound in program.decorated]
        if program.forms[callee] != MEMBER:
            return []
        holder = program.part(callee)
        said = (written for slot in self._origins.declaring(holder) for written in program.declared.get(slot, ()))
        declared = (each for written in said for each in (written, *self._given(written, caller)))
        types = (inner >> SHIFT for written in declared for inner in self._names.static(written) if inner & MASK == DEF)
        found = (self._hierarchy.methods(owner, program.texts[callee]) for owner in types if program.is_class(owner))
        return [value(BOUND, method) for methods in found for method in methods]

    def _given(self, written: int, caller: int) -> list[int]:
        """What an implementation says in place of a type parameter of its class."""
        program = self._program
        if not program.traits[program.file_of_slot(written)].generic_implementations or not program.is_type_parameter(written):
            return []
        return given_in(program, self._hierarchy, written, caller)

    def _common(self, callee: int) -> list[int]:
        """The member of the nearest class that all known receivers extend, where there are more of these than are followed."""
        program = self._program
        if program.forms[callee] != MEMBER:
            return []
        values = self._flow.values(program.part(callee))
        kinds = {inner & MASK for inner in values}
        classes = [inner >> SHIFT for inner in values if inner & MASK in (INSTANCE_OF, DEF) and program.is_class(inner >> SHIFT)]
        if len(classes) < len(values) or len(kinds) != 1:
            return []
        orders = [self._hierarchy.order(definition) for definition in classes]
        shared = (owner for owner in orders[0] if all(owner in order for order in orders))
        found = (self._hierarchy.own_methods(owner, program.texts[callee]) for owner in shared)
        return [value(BOUND, method) for method in next(filter(None, found), [])]
