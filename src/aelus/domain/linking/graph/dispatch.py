"""Members that a call may reach besides the one that its receiver's type names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aelus.domain.facts import IMPLICIT, LITERAL, LOCAL, MEMBER, NEW, SUPER, THIS
from aelus.domain.graph import Origin
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.graph.origins import Origins
from aelus.domain.linking.graph.outside_interfaces import OutsideInterfaces
from aelus.domain.linking.graph.outside_results import OutsideResults
from aelus.domain.linking.graph.outside_types import OutsideTypes
from aelus.domain.linking.graph.type_arguments import TypeArguments
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import FUNCTION_KINDS, Program
from aelus.domain.linking.signatures import ABSTRACT, IMPLEMENTING, OVERLOAD
from aelus.domain.linking.values import BOUND, DEF, EXTERNAL, GENERIC_OF, INSTANCE_OF, LIBRARY_METHOD, MASK, OBJECT, SHIFT

EXACT: Final = frozenset({NEW, SUPER})
"""Receivers whose class is known to be no other one: what is made in place, and what is looked up behind a class."""
DISPATCH_LIMIT: Final = 256
"""Overriding members that one call is linked to."""

TAKEN_FROM: Final = 4
"""Members that one variable is taken from; of one that is taken from more, nothing is said."""
BODILESS: Final = frozenset({ABSTRACT, OVERLOAD})
STATIC: Final = "static"
VIRTUAL: Final = "virtual"
DEFAULT: Final = "default"
"""Modifier of methods that an interface has itself."""
NOTHING: Final[dict[int, None]] = {}
NO_MEMBERS: Final[list[int]] = []


class Dispatch:
    """Finds what subtyping makes possible: overriding methods, and functions that literals of a type have in the place of its members."""

    def __init__(
        self, program: Program, names: Names, hierarchy: Hierarchy, flow: ValueFlow, origins: Origins, arguments: TypeArguments
    ) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._flow = flow
        self._origins = origins
        self._arguments = arguments
        self._outside = OutsideTypes(program, names, hierarchy, origins)
        self._interfaces = OutsideInterfaces(program, names, hierarchy, origins, arguments)
        self._results = OutsideResults(program, flow, origins)
        self._of_method: dict[tuple[int, int], tuple[int, ...]] = {}
        self._known: dict[tuple[int, str], tuple[int, ...]] = {}
        self._of_field: dict[tuple[int, str], tuple[int, ...]] = {}
        self._virtual = {
            (program.parent_of(definition), entry.name)
            for definition, entry in enumerate(program.definitions)
            if (word := program.traits[program.file_of_definition[definition]].virtual) and word in entry.modifiers
        }
        self._declared_names = self._interfaces.names | self._outside.names | self._held_names()
        """Names of members of which something is declared beside the receiver's class."""

    def _held_names(self) -> frozenset[str]:
        """Names of fields that other classes have methods for, and of members that literals have functions in the place of."""
        program, contexts = self._program, self._flow.contexts
        fields, methods, held = set[str](), set[str](), {name for _, name in contexts.entries}
        for members in filter(None, self._names.class_members):
            for name, slot in members.items():
                kinds = [program.definitions[bound].kind for bound in program.bound.get(slot, ())]
                if "Field" in kinds:
                    fields.add(name)
                if not FUNCTION_KINDS.isdisjoint(kinds):
                    methods.add(name)
                if slot in contexts.implementations:
                    held.add(name)
        return frozenset(held | (fields & methods))

    def runs_others(self, definition: int, origin: Origin) -> bool:
        """Whether other members may run in its place: what is abstract never runs itself, whatever the receiver is known by."""
        traits, kind = self._program.traits[self._program.file_of_definition[definition]], self._hierarchy.kind_of_owner(definition)
        modifiers = self._program.definitions[definition].modifiers
        if kind == "Interface" or (kind == "Trait" and traits.generic_implementations) or ABSTRACT in modifiers:
            return True
        if traits.top_type and "static" in modifiers:
            return False
        return origin in (Origin.MEMBER, Origin.DECLARED_TYPE) and not traits.interface_dispatch

    def of_method(self, callee: int, definition: int) -> tuple[int, ...]:
        """What may run in place of a method."""
        program = self._program
        owner, name = self._hierarchy.owner[definition], program.definitions[definition].name
        receivers = self._receivers(callee, owner)
        if receivers is None:
            if not self._is_abstract_of_class(definition):
                return ()
            receivers = ()
        found = (method for below in receivers or (-1,) for method in self._all_of_method(definition, owner, name, below))
        methods = self._within_bounds(callee, tuple(dict.fromkeys(found))[:DISPATCH_LIMIT])
        return self._arguments.fitting(program.part(callee), owner, methods) if program.forms[callee] == MEMBER else methods

    def _within_bounds(self, callee: int, methods: tuple[int, ...]) -> tuple[int, ...]:
        """Of what may run for a type parameter, the methods of classes that have all interfaces which it is bound by."""
        program = self._program
        if program.forms[callee] != MEMBER or not program.traits[program.file_of_slot(callee)].generic_implementations:
            return methods
        declared = [written for slot in self._origins.declaring(program.part(callee)) for written in program.declared.get(slot, ())]
        bounds = program.sources.get(declared[0], ()) if len(declared) == 1 and declared[0] not in program.bound else ()
        asked = {i >> SHIFT for bound in bounds for i in self._names.static(bound) if i & MASK == DEF and program.is_class(i >> SHIFT)}
        if not methods or len(asked) < 2 or program.forms[declared[0]] != LOCAL:  # noqa: PLR2004 - one is what the method is of
            return methods
        return tuple(method for method in methods if self._has_all(self._hierarchy.owner.get(method, -1), asked))

    def _has_all(self, owner: int, interfaces: set[int]) -> bool:
        """Whether a class has all of the interfaces; of types from elsewhere, and of interfaces themselves, nothing is said."""
        return owner < 0 or self._program.definitions[owner].kind == "Trait" or interfaces.issubset(self._hierarchy.order(owner))

    def _all_of_method(self, definition: int, owner: int, name: str, below: int) -> tuple[int, ...]:
        known = self._of_method.get((definition, below))
        if known is None:
            virtual = self._is_virtual(definition, owner, name)
            found = self._hierarchy.overriding(definition, DISPATCH_LIMIT, below) if virtual else ()
            outside = [*self._interfaces.for_types_from_elsewhere(owner, name), *self._for_references(definition, owner, name)]
            if self._program.traits[self._program.file_of_definition[definition]].prototype:
                found = tuple(filter(self._has_body, (*found, *self._inherited(owner, name))))
            known = self._of_method[definition, below] = (*found, *outside, *self._in_literals(owner, name))[:DISPATCH_LIMIT]
        return known

    def _for_references(self, definition: int, owner: int, name: str) -> list[int]:
        """Methods of implementations of an interface for whatever stands for what implements it: `impl<T: Shape> Shape for &T`."""
        word = IMPLEMENTING + self._program.definitions[owner].name
        beside = self._hierarchy.own_methods(owner, name)
        return [method for method in beside if method != definition and word in self._program.definitions[method].modifiers]

    def _inherited(self, owner: int, name: str) -> Sequence[int]:
        """What a class inherits in the place of what an interface of its own name says that it has."""
        parts = self._names.parts.get(owner, ()) if self._program.definitions[owner].kind == "Interface" else ()
        behind = [base for part in parts for base in self._hierarchy.order(part) if self._program.definitions[base].kind == "Class"]
        for base in behind:
            methods = self._hierarchy.own_methods(base, name)
            if methods:
                return methods
        return ()

    def _has_body(self, method: int) -> bool:
        """Whether a method can run: those of interfaces, abstract ones and signatures of overloads only say what others have."""
        return BODILESS.isdisjoint(self._program.definitions[method].modifiers) and self._hierarchy.kind_of_owner(method) != "Interface"

    def _receivers(self, callee: int, owner: int) -> Sequence[int] | None:
        """Classes below that of the method which the receiver is known to be of: none where that is not known, None where no other."""
        program, form = self._program, self._program.forms[callee]
        if form == IMPLICIT:
            around = self._hierarchy.classes_around(program.definition_of(callee))
            classes = [next((c for c in around if owner in self._hierarchy.order(c)), owner)]
        elif form != MEMBER:
            return ()
        elif self._is_exact(holder := program.part(callee)) or self._names_class(holder):
            return None
        else:
            values = () if self._flow.is_saturated(holder) else self._flow.values(holder)
            classes = [inner >> SHIFT if inner & MASK == INSTANCE_OF else owner for inner in values if inner & MASK != GENERIC_OF]
        if program.traits[program.file_of_definition[owner]].structural_interfaces:
            # a type that embeds an interface is none that the members of other types could be of
            classes = [c if program.is_class(c) and program.definitions[c].kind == "Interface" else owner for c in classes]
        if program.traits[program.file_of_definition[owner]].classes_delegate:
            classes = [owner if c >= 0 and self._delegates(c, owner, program.texts[callee]) else c for c in classes]
        below = all(c != owner and program.is_class(c) and owner in self._hierarchy.order(c) for c in classes)
        return classes if below else ()

    def _is_exact(self, holder: int) -> bool:
        return self._program.forms[holder] in EXACT and not self._program.is_made_late(holder)

    def _is_abstract_of_class(self, definition: int) -> bool:
        """Whether a type parameter may be called for the method, which its argument has itself."""
        modifiers = self._program.definitions[definition].modifiers
        return STATIC in modifiers and (ABSTRACT in modifiers or VIRTUAL in modifiers)

    def _delegates(self, definition: int, owner: int, name: str) -> bool:
        """Whether a class passes a call on to another object: it has nothing in the place of what an interface asks for."""
        program = self._program
        if not program.is_class(definition) or definition == owner or program.definitions[owner].kind != "Interface":
            return False
        entry, methods = program.definitions[definition], self._hierarchy.methods(definition, name)
        concrete = entry.kind == "Class" and ABSTRACT not in entry.modifiers
        return concrete and any(self._hierarchy.owner.get(m) == owner and DEFAULT not in program.definitions[m].modifiers for m in methods)

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
        """What may run by what is declared of the receiver beside its class: fields, and types and interfaces from elsewhere."""
        members = self._taken_from(callee)
        if not members:
            return NOTHING
        found = self._outside.of_call(callee)
        for member in members:
            found.update(self._of_field_at(member))
        found.update(dict.fromkeys(self._interfaces.of_call(callee, caller)))
        return found

    def _taken_from(self, callee: int) -> list[int]:
        """The members that a callee is of which more is declared: itself, or those that a variable is taken from, `const { send } = x`."""
        program = self._program
        if program.forms[callee] == MEMBER:
            return [callee] if program.texts[callee] in self._declared_names else NO_MEMBERS
        sources = program.sources.get(callee) if program.forms[callee] == LOCAL else None
        if not sources or len(sources) > TAKEN_FROM:
            return NO_MEMBERS
        return [source for source in sources if program.forms[source] == MEMBER and program.texts[source] in self._declared_names]

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

    def given_away(self, slot: int, callee: int) -> dict[int, None]:
        """As `registered`, for a member of what code from elsewhere has returned, and for elements of the language's own."""
        program, form = self._program, self._program.forms[callee]
        if form not in (MEMBER, LITERAL) or not program.traits[program.file_of_slot(slot)].registers or len(program.parts[slot]) == 1:
            return NOTHING
        given = self._given_functions(slot)
        takes = given and (form == LITERAL or self._results.holds(program.part(callee)))
        return {inner >> SHIFT: None for inner in given} if takes else NOTHING

    def registered(self, slot: int, callees: Sequence[int]) -> dict[int, None]:
        """Functions that a call gives to code from elsewhere, which may call them, except for those that it is known to call. What
        a container does with them, and a function of which that is said, is known.
        """
        gives = len(self._program.parts[slot]) > 1
        given = self._given_functions(slot) if gives and self._program.traits[self._program.file_of_slot(slot)].registers else []
        if not given or any(self._is_stated(slot, inner) for inner in callees):
            return NOTHING
        program, made = self._program, self._flow.summaries.calls.made_at(slot)
        known = {inner for call in made for inner in self._flow.values(program.part(call))}
        return {inner >> SHIFT: None for inner in given if inner not in known}

    def _given_functions(self, slot: int) -> list[int]:
        """Functions that a call is given."""
        program, found = self._program, list[int]()
        for part in program.parts[slot][1:]:
            argument = program.first_of_slot[slot] + part
            for inner in self._flow.values(argument):
                if inner & MASK in (DEF, BOUND) and program.is_function(inner >> SHIFT) and not self._flow.is_saturated(argument):
                    found.append(inner)
        return found

    def _is_stated(self, slot: int, inner: int) -> bool:
        """Whether it is said what a callee does with what it is given: methods of containers, and functions with effects, be they none."""
        if inner & MASK != EXTERNAL:
            return inner & MASK == LIBRARY_METHOD
        qualified = self._names.externals.entries[inner >> SHIFT].qualified_name
        return self._flow.summaries.library.knows_function(self._program.file_of_slot(slot), qualified)

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
