"""Generic types: what a method returns whose declared result is a parameter of its class, or of its own.

`Repo<Square> r; r.get(0)` is a `Square` if `get` returns `T`. The type arguments of a receiver are known where its type is declared, and
those that a class gives to its bases where it is declared. A method's own parameters are those of the arguments.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aelus.domain.facts import ARRAY, FREE, GENERIC, IMPLICIT, INDEX, LOCAL, MEMBER, UNKNOWN
from aelus.domain.linking.declarations import Declarations
from aelus.domain.linking.hierarchy import Hierarchy
from aelus.domain.linking.names import Names
from aelus.domain.linking.program import FUNCTION_KINDS, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.summaries import Summaries
from aelus.domain.linking.values import DEF, GENERIC_OF, INSTANCE_OF, MASK, SHIFT

NAME_FORMS: Final = frozenset({LOCAL, FREE, IMPLICIT})
BASE_DEPTH: Final = 4
"""Generic bases that are followed one behind the other."""
Arguments = Mapping[str, int]
"""Name of a type parameter → slot of the type expression that is given for it."""


class Generics:
    """Replaces type parameters by type arguments."""

    def __init__(
        self,
        program: Program,
        names: Names,
        hierarchy: Hierarchy,
        propagation: Propagation,
        declarations: Declarations,
        summaries: Summaries,
    ) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._declarations = declarations
        self._summaries = summaries
        self._done: set[tuple[int, int, int]] = set()
        self._fields = self._find_fields()
        self.functions: set[int] = set()
        """Functions whose declared result names a type parameter."""
        for definition, entry in enumerate(program.definitions):
            if entry.returns != UNKNOWN and entry.kind in FUNCTION_KINDS:
                known = set(self._parameters_around(definition))
                if known and self._named(self._result_of(definition), known):
                    self.functions.add(definition)

    def _parameters_around(self, definition: int) -> tuple[str, ...]:
        owner = self._hierarchy.owner.get(definition, -1)
        own = self._program.definitions[definition].type_parameters
        return own if owner < 0 else (*own, *self._program.definitions[owner].type_parameters)

    def _result_of(self, definition: int) -> int:
        program = self._program
        return program.first_slot[program.file_of_definition[definition]] + program.definitions[definition].returns

    def _named(self, slot: int, known: set[str]) -> bool:
        program = self._program
        if program.forms[slot] in NAME_FORMS:
            return program.texts[slot] in known
        if program.forms[slot] in (GENERIC, ARRAY):
            return any(self._named(program.first_of_slot[slot] + part, known) for part in program.parts[slot])
        return False

    # --- calls ---------------------------------------------------------------------------------------------------------------------------

    def apply(self, slot: int, function: int) -> None:
        """The call `slot` calls a generic function: it yields what the type arguments say."""
        program = self._program
        callee = program.part(slot)
        holder = callee if program.forms[slot] == INDEX else program.part(callee) if program.forms[callee] == MEMBER else -1
        if holder >= 0:
            for inner in tuple(self._propagation.sets.get(holder, ())):
                if inner & MASK in (GENERIC_OF, INSTANCE_OF) and (slot, function, inner) not in self._done:
                    self._done.add((slot, function, inner))
                    self._hold(self._result_of(function), self._arguments_of(inner, self._hierarchy.owner.get(function, -1)), slot)
        own = program.definitions[function].type_parameters
        if own and program.forms[callee] == GENERIC:
            self._hold(self._result_of(function), dict(zip(own, self._given(callee, {}), strict=False)), slot)
        if own and (slot, function, -1) not in self._done:
            self._done.add((slot, function, -1))
            self._infer(slot, function, set(own))

    def take_field(self, slot: int, receiver: int) -> None:
        """The `MEMBER` expression `slot` is a field whose declared type is a parameter of its class."""
        program, name = self._program, self._program.texts[slot]
        if name not in self._fields:
            return
        if receiver & MASK == INSTANCE_OF:
            classes = [receiver >> SHIFT]
        else:
            classes = [inner >> SHIFT for inner in self._names.static(receiver >> SHIFT) if inner & MASK == DEF]
        for definition in classes:
            for owner in self._hierarchy.order(definition):
                field = self._hierarchy.defines(owner, name)
                if field in self._fields[name]:
                    arguments = self._arguments_of(receiver, owner)
                    for declared in program.declared.get(field, ()):
                        self._hold(declared, arguments, slot)

    def _find_fields(self) -> dict[str, set[int]]:
        """Name → fields whose declared type names a parameter of their class."""
        program, found = self._program, dict[str, set[int]]()
        for definition, entry in enumerate(program.definitions):
            parent = program.parent_of(definition)
            known = set(program.definitions[parent].type_parameters) if entry.kind == "Field" and parent >= 0 else ()
            field = program.slot_of_definition[definition]
            if known and any(self._named(declared, set(known)) for declared in program.declared.get(field, ())):
                found.setdefault(entry.name, set()).add(field)
        return found

    def _arguments_of(self, receiver: int, owner: int) -> Arguments:
        """Type arguments of a receiver, as those of the class that declares the member."""
        index = receiver >> SHIFT
        if owner < 0:
            return {}
        if receiver & MASK == INSTANCE_OF:
            return self._inherited(index, owner, {}, BASE_DEPTH)
        given = self._given(index, {})
        classes = [inner >> SHIFT for inner in self._names.static(index) if inner & MASK == DEF]
        found: dict[str, int] = {}
        for definition in classes:
            names = self._program.definitions[definition].type_parameters
            known = dict(zip(names, given, strict=False))
            found.update(known if definition == owner else self._inherited(definition, owner, known, BASE_DEPTH))
        return found

    def _given(self, generic: int, known: Arguments) -> list[int]:
        """Slots of the type arguments of a `GENERIC` expression, those that are parameters replaced."""
        program = self._program
        first = program.first_of_slot[generic]
        slots = [first + part for part in program.parts[generic][1:]]
        return [known.get(program.texts[slot], slot) if program.forms[slot] in NAME_FORMS else slot for slot in slots]

    def _inherited(self, definition: int, owner: int, known: Arguments, depth: int) -> Arguments:
        """The type arguments that a class gives to one of its bases."""
        program = self._program
        entry = program.definitions[definition]
        first = program.first_slot[program.file_of_definition[definition]]
        for part in (*entry.bases, *entry.interfaces) if depth else ():
            base = first + part
            for inner in self._names.static(base):
                if inner & MASK != DEF or inner >> SHIFT == definition:
                    continue
                given = self._given(base, known) if program.forms[base] == GENERIC else []
                passed = dict(zip(program.definitions[inner >> SHIFT].type_parameters, given, strict=False))
                found = passed if inner >> SHIFT == owner else self._inherited(inner >> SHIFT, owner, passed, depth - 1)
                if found:
                    return found
        return {}

    def _hold(self, declared: int, arguments: Arguments, target: int) -> None:
        """`target` holds an instance of a type with its parameters replaced."""
        if not arguments:
            return
        program = self._program
        if program.forms[declared] in NAME_FORMS:
            given = arguments.get(program.texts[declared], -1)
            if given >= 0:
                self._declarations.hold(given, target)
        elif program.forms[declared] in (GENERIC, ARRAY):
            last = program.first_of_slot[declared] + program.parts[declared][-1]
            if program.forms[last] in NAME_FORMS and (given := arguments.get(program.texts[last], -1)) >= 0:
                self._declarations.hold_elements(given, target)

    # --- a function's own parameters ---------------------------------------------------------------------------------------------------

    def _infer(self, slot: int, function: int, own: set[str]) -> None:
        """`<T> T first(List<T> items)` returns what the arguments hold where their parameters say `T`."""
        program = self._program
        result = self._result_of(function)
        if program.forms[result] not in NAME_FORMS or program.texts[result] not in own:
            return
        name = program.texts[result]
        first = program.first_slot[program.file_of_definition[function]]
        parameters = program.definitions[function].parameters
        arguments = [program.first_of_slot[slot] + part for part in program.parts[slot][1:]]
        offset = 1 if program.traits[program.file_of_definition[function]].explicit_receiver else 0
        for parameter, argument in zip(parameters[offset:], arguments, strict=False):
            declared = first + parameter.type
            if parameter.type == UNKNOWN:
                continue
            if program.forms[declared] in NAME_FORMS and program.texts[declared] == name:
                self._propagation.connect(argument, slot)
            elif self._named(declared, {name}):
                self._propagation.connect(self._summaries.step(argument, "[?]"), slot)
