"""Types with their type parameters replaced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from aelus.domain.facts import (
    ARRAY,
    CONSTANT,
    FREE,
    FUNCTION_TYPE,
    GENERIC,
    IMPLICIT,
    INDEX,
    INSTANCE,
    LOCAL,
    MAPPING,
    MEMBER,
    TYPE_OF,
    UNION,
    UNKNOWN,
)
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import ALIAS, HELD, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.containers import ANY_KEY
from aelus.domain.linking.types.declarations import SINGLE, Declarations
from aelus.domain.linking.values import DEF, FUNCTION_OF, GENERIC_OF, INSTANCE_OF, MASK, OBJECT, SHIFT, value

DEPTH: Final = 8
"""Types inside each other whose parameters are replaced."""
NESTED: Final = 64
"""Types inside each other that are looked through for names."""
BEHIND: Final = "."
"""Between a type parameter and the name of a type behind it."""
NAME_FORMS: Final = frozenset({LOCAL, FREE, IMPLICIT})
COMPOSED_FORMS: Final = frozenset({GENERIC, ARRAY, UNION, FUNCTION_TYPE, MAPPING, INSTANCE, TYPE_OF, INDEX})
KEY_FORMS: Final = frozenset({CONSTANT, UNKNOWN})
"""Forms of the names of members, and of what stands for any of them."""
Arguments = Mapping[str, int]
"""Name of a type parameter → slot of the type expression that is given for it, or of what it is known to hold."""
NOTHING: Final[Arguments] = MappingProxyType({})


class Substitution:
    """Replaces type parameters by what is given for them."""

    def __init__(self, program: Program, names: Names, propagation: Propagation, declarations: Declarations) -> None:
        self._program = program
        self._names = names
        self._propagation = propagation
        self._declarations = declarations
        self._made: dict[tuple[int, tuple[int, ...]], int] = {}
        declarations.substitute = self.hold
        self.projections = declarations.projections
        self.functions_asked = declarations.functions_asked
        self._named: dict[int, frozenset[str]] = {}
        self.constants: dict[int, int] = {}
        """Slot of what a type parameter is known to hold → the constant that is given for it."""

    def names(self, slot: int, known: Iterable[str]) -> bool:
        """Whether a type expression names one of the type parameters."""
        return not self._names_in(slot).isdisjoint(known)

    def argument_of(self, slot: int, known: Arguments) -> int:
        """What is given for a type parameter, or for a type behind one (`T::Item`); -1 for other types."""
        program = self._program
        if program.forms[slot] in NAME_FORMS:
            return known.get(program.texts[slot], -1)
        if program.forms[slot] == MEMBER and program.forms[program.part(slot)] in NAME_FORMS:
            return known.get(f"{program.texts[program.part(slot)]}{BEHIND}{program.texts[slot]}", -1)
        return -1

    def _names_in(self, slot: int, depth: int = 0) -> frozenset[str]:
        """All names in a type expression, as deep as types are followed."""
        named = self._named.get(slot)
        if named is None:
            program, form = self._program, self._program.forms[slot]
            if form in NAME_FORMS:
                written = self._left_open(slot)
                named = self._names_in(written, depth + 1) if written >= 0 and depth < NESTED else frozenset((program.texts[slot],))
            elif form == MEMBER and program.forms[program.part(slot)] in NAME_FORMS:
                named = frozenset((program.texts[program.part(slot)],))
            else:
                self._named[slot] = frozenset()
                first, parts = program.first_of_slot[slot], program.parts[slot] if form in COMPOSED_FORMS and depth < NESTED else ()
                named = frozenset([name for part in parts for name in self._names_in(first + part, depth + 1)])
            self._named[slot] = named
        return named

    def _left_open(self, slot: int) -> int:
        """What a type that an interface leaves open is for the implementation around, `type Item = T`, where a name means one; else -1."""
        program = self._program
        if not program.traits[program.file_of_slot(slot)].generic_implementations or program.is_type_parameter(slot):
            return -1
        found = [inner >> SHIFT for inner in self._names.static(slot) if inner & MASK == DEF]
        entry = program.definitions[found[0]] if len(found) == 1 else None
        if entry is None or entry.kind != ALIAS or UNKNOWN in (entry.receiver, entry.returns):
            return -1
        return program.first_slot[program.file_of_definition[found[0]]] + entry.returns

    def given(self, generic: int, known: Arguments) -> list[int]:
        """Slots of the type arguments of a `GENERIC` expression, those that are parameters replaced."""
        program = self._program
        first = program.first_of_slot[generic]
        slots = [first + part for part in program.parts[generic][1:]]
        return [self._replaced(slot, known) for slot in slots]

    def _replaced(self, slot: int, known: Arguments, depth: int = 0) -> int:
        program = self._program
        if program.forms[slot] in NAME_FORMS or program.forms[slot] == MEMBER:
            given = self.argument_of(slot, known)
            written = self._left_open(slot) if given < 0 and known and depth < DEPTH and program.forms[slot] != MEMBER else -1
            return given if given >= 0 else self._replaced(written, known, depth + 1) if written >= 0 else slot
        if program.forms[slot] == GENERIC and known and self.names(slot, known):
            return self._generic(slot, known)
        if program.forms[slot] == FUNCTION_TYPE and depth < DEPTH and self._loops_run(slot) and self.names(slot, known):
            return self._function(slot, known, depth)
        return self._looked_up(slot, known) if program.forms[slot] == TYPE_OF and known else slot

    def _looked_up(self, declared: int, known: Arguments) -> int:
        """`T[K]` with what is given for both."""
        program, looked_up = self._program, self._program.part(declared)
        if program.forms[looked_up] != INDEX or len(program.parts[looked_up]) == 1 or program.forms[program.part(looked_up)] != INSTANCE:
            return declared
        holder, key = program.part(program.part(looked_up)), program.part(looked_up, 1)
        parts = (self._replaced(holder, known), self.constant_of(key, known))
        if parts == (holder, key):
            return declared
        made = self._made.get((declared, parts))
        if made is None:
            instance = program.derived_slot(declared, INSTANCE, "", parts[:1])
            inner = program.derived_slot(declared, INDEX, "", (instance, parts[1]))
            made = self._made[declared, parts] = program.derived_slot(declared, TYPE_OF, "", (inner,))
        return made

    def constant_of(self, key: int, known: Arguments) -> int:
        """The constant that is given for a type parameter, or the expression itself."""
        given = known.get(self._program.texts[key], -1) if self._program.forms[key] in NAME_FORMS else -1
        constant = self.constants.get(given, given)
        return constant if constant >= 0 and self._program.forms[constant] == CONSTANT else key

    def _generic(self, declared: int, known: Arguments) -> int:
        """A generic type with other arguments."""
        arguments = tuple(self.given(declared, known))
        made = self._made.get((declared, arguments))
        if made is None:
            parts = (self._program.part(declared), *arguments)
            made = self._made[declared, arguments] = self._program.derived_slot(declared, GENERIC, "", parts)
        return made

    def _loops_run(self, declared: int) -> bool:
        """Whether the type of a function says what a loop gives its body."""
        return bool(self._program.operation(self._program.file_of_slot(declared), "yields"))

    def _function(self, declared: int, known: Arguments, depth: int = 0) -> int:
        """The type of a function with others in it."""
        first, parts = self._program.first_of_slot[declared], self._program.parts[declared]
        replaced = tuple([self._replaced(first + part, known, depth + 1) if part else first for part in parts])
        made = self._made.get((declared, replaced))
        if made is None:
            made = self._made[declared, replaced] = self._program.derived_slot(declared, FUNCTION_TYPE, "", replaced)
        return made

    def hold(self, declared: int, arguments: Arguments, target: int, depth: int = 0) -> None:
        """`target` holds an instance of a type with its parameters replaced."""
        program, form = self._program, self._program.forms[declared]
        if not arguments or depth > DEPTH:
            return
        if form in NAME_FORMS:
            self._hold_named(declared, arguments, target, depth)
        elif form == MEMBER and (behind := self.argument_of(declared, arguments)) >= 0:
            self._declarations.hold(behind, target)
        elif form == UNION:
            for part in program.parts[declared]:
                self.hold(program.first_of_slot[declared] + part, arguments, target, depth + 1)
        elif form in (GENERIC, ARRAY) and self.names(declared, arguments):
            self._hold_composed(declared, arguments, target)
        elif form == MAPPING and self.names(declared, arguments):
            self._hold_members(declared, arguments, target, depth)
        elif form == FUNCTION_TYPE and self._loops_run(declared) and self.names(declared, arguments):
            self._propagation.declare(target, value(FUNCTION_OF, self._function(declared, arguments)))
        elif form == TYPE_OF and program.forms[program.part(declared)] == INDEX:
            self._hold_keyed(program.part(declared), arguments, target)

    def give(self, function: int, arguments: Arguments) -> None:
        """The parameters of a template that is a member stand for what is given for them."""
        for name, argument in arguments.items():
            self._declarations.give(function, name, argument)

    def _hold_named(self, declared: int, arguments: Arguments, target: int, depth: int) -> None:
        """What is given for a type parameter, or what its bounds say of those that are given."""
        program = self._program
        given = arguments.get(program.texts[declared], -1)
        if given >= program.file_slots and program.forms[given] == TYPE_OF:
            self._hold_keyed(program.part(given), arguments, target)
        elif given >= 0:
            self._declarations.hold(given, target)
        elif (written := self._left_open(declared)) >= 0:
            self.hold(written, arguments, target, depth + 1)
        elif program.forms[declared] == LOCAL and program.traits[program.file_of_slot(declared)].generic_implementations:
            for bound in self._generic_bounds(declared, arguments):
                self.hold(bound, arguments, target, depth + 1)

    def _generic_bounds(self, declared: int, arguments: Arguments) -> list[int]:
        """Bounds of a type parameter that name others: `type Iter: Iterator<Item = Self::Item>`."""
        program = self._program
        bounds = program.sources.get(declared, ()) if declared not in program.bound and declared not in program.imports else ()
        return [bound for bound in bounds if program.forms[bound] == GENERIC and self.names(bound, arguments)]

    def _hold_keyed(self, looked_up: int, arguments: Arguments, target: int) -> None:
        """`T[K]`: the type of the member that a type parameter stands for, by the constant that is given for it."""
        program = self._program
        constant = self.constant_of(program.part(looked_up, 1), arguments) if len(program.parts[looked_up]) > 1 else -1
        if constant < 0 or program.forms[constant] != CONSTANT:
            return
        member = program.derived_slot(looked_up, MEMBER, program.texts[constant], (self._keyed(program.part(looked_up), arguments),))
        self._propagation.subscribe(program.part(member), member)
        self._propagation.connect(member, target)

    def _keyed(self, held: int, arguments: Arguments) -> int:
        """A slot of what has the members, which may be of a type that a parameter stands for."""
        program = self._program
        declared = program.part(held) if program.forms[held] == INSTANCE else -1
        given = arguments.get(program.texts[declared], -1) if declared >= 0 and program.forms[declared] in NAME_FORMS else -1
        if given < 0 and held < program.file_slots:
            return held
        made = program.derived_slot(held, HELD, "", ())
        self._declarations.hold(given if given >= 0 else declared, made)
        return made

    def _hold_members(self, declared: int, arguments: Arguments, target: int, depth: int) -> None:
        """An object with members of the types, those that name parameters replaced."""
        program = self._program
        made = program.derived_slot(declared, MAPPING, "", ())
        self._propagation.declare(target, value(OBJECT, made))
        first, parts = program.first_of_slot[declared], program.parts[declared]
        for key, held in zip(parts[::2], parts[1::2], strict=False):
            if program.forms[first + key] in KEY_FORMS and program.forms[first + held] == INSTANCE:
                member = self._declarations.member_of(made, program.texts[first + key] or ANY_KEY)
                self.hold(program.part(first + held), arguments, member, depth + 1)
                self._declarations.hold(program.part(first + held), member)

    def _hold_composed(self, declared: int, arguments: Arguments, target: int) -> None:
        program = self._program
        classes = [inner >> SHIFT for inner in self._names.static(declared) if inner & MASK == DEF and program.is_class(inner >> SHIFT)]
        if classes and program.forms[declared] == GENERIC:
            made = self._generic(declared, arguments)
            self._propagation.declare(target, value(GENERIC_OF, made))
            for definition in classes:
                self._propagation.declare(target, value(INSTANCE_OF, definition))
            return
        if program.forms[declared] == GENERIC and len(program.parts[declared]) > SINGLE and not self._declarations.maps_names(declared):
            # Of a type from elsewhere it is not known which argument its elements are: each keeps its place.
            self._declarations.hold(self._generic(declared, arguments), target)
            return
        last = program.first_of_slot[declared] + program.parts[declared][-1]
        self._declarations.hold_elements(self._replaced(last, arguments), target)
