"""Constructors that run without being named: that of the base class, where a constructor calls no other one first, those of parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from aelus.domain.facts import CALL_REFERENCE, GENERIC, INITIALIZE_REFERENCE, LITERAL, NEW, SUPER, THIS
from aelus.domain.graph import EdgeKind
from aelus.domain.linking.choosing.qualifiers import POINTER, REFERENCE, Qualifiers
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.graph.asked_values import DEFAULTED, DESTROY
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.naming.prototypes import DECLARATION
from aelus.domain.linking.program import CLASS_NAME, Program
from aelus.domain.linking.values import DEF, INSTANCE_OF, MASK, SHIFT, SUPER_OF, value

DELETED: Final = "deleted"
"""Modifier of functions that never run: `~C() = delete`."""


class ImpliedConstructors:
    """Finds what constructors run before their bodies."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, flow: ValueFlow) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._flow = flow
        self._qualifiers = Qualifiers(program, names, hierarchy, flow)
        self._names = names
        self._fields: dict[int, list[int]] = {}
        """Class → its own fields that are instances of classes."""
        self._initialised: dict[int, set[str]] = {}
        """Constructor → what it names in front of its body."""
        if any(traits.templates for traits in program.languages):
            self._find_parts()
        self._chained = {
            program.first_definition[file] + reference.definition
            for file, unit in enumerate(program.units)
            if program.traits[file].implied_super
            for reference in unit.facts.references
            if reference.kind == CALL_REFERENCE
            and program.forms[program.part(program.first_slot[file] + reference.expression)] in (THIS, SUPER)
        }

    def makes(self, slot: int, definition: int) -> bool:
        """Whether what looks like a call of an instance makes one: `new x`, and a variant that is given its values."""
        program = self._program
        if program.forms[slot] == NEW:
            return program.is_made(definition)
        variants = program.traits[program.file_of_definition[definition]].calls_make_variants
        return variants and program.definitions[definition].kind == "Enum"

    def main_part(self, definition: int, constructors: Sequence[int]) -> int:
        """Of a type that is declared in parts, the one with its constructors, or else the first that is no interface."""
        parts = self._names.parts.get(definition, ())
        if not parts:
            return definition
        having = {self._hierarchy.owner.get(constructor, -1) for constructor in constructors} & {definition, *parts}
        made = [part for part in having or {definition, *parts} if self._program.definitions[part].kind != "Interface"]
        return min(made or parts)

    def outside(self, definition: int) -> list[int]:
        """What `super(…)` makes of a class which extends one from elsewhere, and has no constructor of the program before that."""
        traits = self._program.traits[self._program.file_of_definition[definition]]
        if not traits.outside_members or self._flow.protocols.inherited_constructors(definition):
            return []
        return self._flow.members.outside.superclasses(definition)

    def of(self, definition: int) -> Iterator[tuple[EdgeKind, int]]:
        """Constructors that a constructor runs without naming them, classes of the parts that it makes so, and what a destructor runs."""
        program, entry = self._program, self._program.definitions[definition]
        if DELETED in entry.modifiers:
            return
        if entry.kind != "Constructor":
            for other in self._of_destructor(definition) if entry.name.startswith("~") else ():
                yield EdgeKind.CALLS, other
            return
        bases = self._hierarchy.bases.get(self._hierarchy.owner.get(definition, -1), ())
        for other in self._of_constructor(definition):
            yield EdgeKind.CALLS, other
            made = self._hierarchy.owner.get(other, -1)
            if made >= 0 and made not in bases and program.traits[program.file_of_definition[definition]].templates:
                yield EdgeKind.INSTANTIATES, made

    def _of_destructor(self, destructor: int) -> Iterable[int]:
        """Those of the bases and parts, behind the body."""
        program, owner = self._program, self._hierarchy.owner.get(destructor, -1)
        if owner < 0 or not program.traits[program.file_of_definition[destructor]].templates:
            return ()
        if DECLARATION in program.definitions[destructor].modifiers:
            return ()
        fields = [self._class_of(field) for field in self._fields.get(owner, ())]
        answer = self._flow.protocols.of_instance
        found = (own for part in (*self._hierarchy.bases.get(owner, ()), *fields) for own in answer(part, DESTROY))
        return dict.fromkeys(own for own in found if DEFAULTED not in program.definitions[own].modifiers)

    def _of_constructor(self, constructor: int) -> Iterable[int]:
        """Constructors of the base class that the constructor of a class runs which calls no other one."""
        program = self._program
        owner = self._hierarchy.owner.get(constructor, -1)
        if owner >= 0 and program.traits[program.file_of_definition[constructor]].templates:
            return self._of_parts(constructor, owner)
        if owner < 0 or constructor in self._chained or not program.traits[program.file_of_definition[constructor]].implied_super:
            return ()
        if program.definitions[owner].kind != "Class" or "static" in program.definitions[constructor].modifiers:
            return ()
        found = self._flow.chained_constructors(program.slot_of_definition[constructor], value(SUPER_OF, owner))
        return [other for other in found if self._hierarchy.signatures.takes(other, 0)]

    def initialised(self, callee: int) -> Iterable[tuple[int, bool]]:
        """Classes of what a constructor names in front of its body, and whether that is a field: one that is no pointer or reference."""
        program = self._program
        types = [inner for field in [*self._qualifiers.fields(callee)][:1] for inner in self._qualifiers.types(field)]
        declared = [inner for slot in types if self._is_written(slot) for inner in self._names.static(slot)]
        pointer = self._qualifiers.refers(callee)
        known = bool(declared) or any(program.forms[slot] == LITERAL or not self._is_written(slot) for slot in types)
        for inner in self._flow.values(callee):
            tag, index = inner & MASK, inner >> SHIFT
            if tag == DEF and program.is_class(index):
                yield index, False
            elif tag == INSTANCE_OF and program.is_class(index) and (not known or value(DEF, index) in declared) and not pointer:
                yield index, True

    def _is_written(self, slot: int) -> bool:
        """Whether a type is no other name for a generic one, which may be a wrapper of the class that it names."""
        aliases = (self._program.definitions[bound] for bound in self._program.bound.get(slot, ()))
        return not any(entry.kind == "TypeAlias" and "<" in entry.signature for entry in aliases)

    def _find_parts(self) -> None:
        program = self._program
        for definition, entry in enumerate(program.definitions):
            owner = program.parent_of(definition) if entry.kind == "Field" and "static" not in entry.modifiers else -1
            if owner >= 0 and program.traits[program.file_of_definition[definition]].templates and self._class_of(definition) >= 0:
                self._fields.setdefault(owner, []).append(definition)
        for file, unit in enumerate(program.units):
            for reference in unit.facts.references if program.traits[file].templates else ():
                if reference.kind == INITIALIZE_REFERENCE:
                    named = program.part(program.first_slot[file] + reference.expression)
                    named = program.part(named) if program.forms[named] == GENERIC else named
                    self._initialised.setdefault(program.first_definition[file] + reference.definition, set()).add(program.texts[named])

    def _class_of(self, field: int) -> int:
        """The class that a field is an instance of; -1 for pointers, references and what is given a value where it stands."""
        program, slot = self._program, self._program.slot_of_definition[field]
        if program.sources.get(slot) or any(self._qualifiers.has(slot, mark) for mark in (POINTER, REFERENCE)):
            return -1
        static = [
            inner >> SHIFT for declared in self._qualifiers.types(slot) for inner in self._names.static(declared) if inner & MASK == DEF
        ]
        return static[0] if len(static) == 1 and program.is_class(static[0]) else -1

    def _of_parts(self, constructor: int, owner: int) -> list[int]:
        """Constructors without arguments of the bases and fields that a constructor does not name, unless it leaves all to another one."""
        program, named = self._program, self._initialised.get(constructor, set())
        if DECLARATION in program.definitions[constructor].modifiers or program.definitions[owner].name in named:
            return []
        fields = [self._class_of(field) for field in self._fields.get(owner, ()) if program.definitions[field].name not in named]
        bases = [base for base in self._hierarchy.bases.get(owner, ()) if program.definitions[base].name not in named]
        found = (own for part in (*bases, *fields) for own in self._hierarchy.own_methods(part, CLASS_NAME))
        return list(dict.fromkeys(own for own in found if self._hierarchy.signatures.takes(own, 0)))
