"""Generic types: what a method returns whose declared result is a parameter of its class, or of its own.

`Repo<Square> r; r.get(0)` is a `Square` if `get` returns `T`. The type arguments of a receiver are known where its type is declared, and
those that a class gives to its bases where it is declared. A method's own parameters are those of the arguments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from aelus.domain.facts import (
    ARRAY,
    DEFINITION,
    FUNCTION_TYPE,
    GENERIC,
    IMPLICIT,
    INDEX,
    LOCAL,
    MEMBER,
    SEQUENCE,
    SUPER,
    TAKEN,
    THIS,
    UNION,
    UNKNOWN,
)
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.classes.structures import RESULTS
from aelus.domain.linking.effects.summaries import Summaries
from aelus.domain.linking.flow.argument_types import declared_results, written_types
from aelus.domain.linking.flow.closed_results import ClosedResults
from aelus.domain.linking.flow.evident_classes import EvidentClasses
from aelus.domain.linking.flow.known_constants import constant_of
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import FUNCTION_KINDS, HELD, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.signatures import EXTENSION
from aelus.domain.linking.types.contexts import Contexts
from aelus.domain.linking.types.index_signatures import stands_for_all
from aelus.domain.linking.types.projections import find_associated
from aelus.domain.linking.types.renamed_parameters import RenamedParameters
from aelus.domain.linking.types.substitution import NAME_FORMS, NOTHING, Arguments, Substitution
from aelus.domain.linking.values import DEF, EXTERNAL, GENERIC_OF, INSTANCE_OF, MASK, SHIFT, value

FUNCTION_FORMS: Final = frozenset({DEFINITION, TAKEN})
PROPERTY: Final = "property"
ELEMENTS: Final = 8
"""Elements of a literal that say what type they are of."""
BASES: Final = 64
"""Bases of one class that are looked at."""
BASE_DEPTH: Final = 4
"""Generic bases that are followed one behind the other."""


class Generics:
    """Replaces type parameters by type arguments."""

    def __init__(
        self,
        program: Program,
        names: Names,
        hierarchy: Hierarchy,
        propagation: Propagation,
        substitution: Substitution,
        contexts: Contexts,
        summaries: Summaries,
    ) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._substitution = substitution
        self.contexts = contexts
        self._constraints = summaries.constraints
        self._library = summaries.library
        self._projections = substitution.projections
        self._associated = find_associated(program, names)
        self._done: set[tuple[int, int, int]] = set()
        self._inferred_at: dict[tuple[int, int], dict[str, int]] = {}
        self.functions: set[int] = set()
        """Functions of whose declared types some name a type parameter."""
        self._closed = ClosedResults(program, names, hierarchy, substitution)
        self._classes = EvidentClasses(program, names, self._associated)
        self.renamed = RenamedParameters(program, hierarchy)
        self._open: set[int] = set()
        """Slots of what type parameters are of which nothing is said where an instance is made."""
        self.fields = self._find_fields()
        self._signatures = tuple([name for name in self.fields if stands_for_all(name)])
        """Those of them that stand for all members which are not named."""
        for definition, entry in enumerate(program.definitions):
            known = self._parameters_around(definition) if entry.kind in FUNCTION_KINDS else ()
            named = known and any(substitution.names(slot, known) for slot in self._types_of(definition))
            if named or (known and self._is_maker(definition)):
                self.functions.add(definition)

    def _types_of(self, definition: int) -> list[int]:
        program, entry = self._program, self._program.definitions[definition]
        first = program.first_slot[program.file_of_definition[definition]]
        written = (entry.returns, *(parameter.type for parameter in entry.parameters))
        return [first + declared for declared in written if declared != UNKNOWN]

    def _parameters_around(self, definition: int) -> tuple[str, ...]:
        owner = self._hierarchy.owner.get(definition, -1)
        own = self._program.definitions[definition].type_parameters
        return own if owner < 0 else (*own, *self._program.definitions[owner].type_parameters, *self.renamed.names(definition))

    def _result_of(self, definition: int) -> int:
        program = self._program
        return program.first_slot[program.file_of_definition[definition]] + program.definitions[definition].returns

    # --- calls ---------------------------------------------------------------------------------------------------------------------------

    def apply(self, slot: int, function: int) -> bool:
        """The call `slot` calls a generic function: it yields what the type arguments say, and functions that it is given take them.

        Returns whether they say it all: the bound of a type parameter is no result of its own.
        """
        program = self._program
        callee = program.part(slot)
        holder = callee if program.forms[slot] == INDEX else program.part(callee) if program.forms[callee] == MEMBER else -1
        inferred = self._inferred(slot, function) if program.forms[slot] != INDEX else NOTHING
        own = program.definitions[function].type_parameters
        if own and program.forms[callee] == GENERIC:
            inferred = dict(zip(own, self._substitution.given(callee, NOTHING), strict=False))
        elif own and program.forms[callee] == MEMBER and len(program.parts[callee]) > 1:
            named = dict(zip(own, self._substitution.given(callee, NOTHING), strict=False))
            inferred = {**inferred, **named}
            if program.traits[program.file_of_definition[function]].templates:
                self._substitution.give(function, named)
        replaced = False
        if inferred:
            inferred = self._classes.with_projections(inferred)
            self._apply(slot, function, -1, inferred)
            replaced = holder < 0 and self._is_replaced(function, inferred)
        self._infer_maker(slot, function, holder)
        for inner in self._receivers(callee, holder):
            if inner & MASK in (GENERIC_OF, INSTANCE_OF) or (self._associated and inner & MASK == DEF):
                of_receiver = self.renamed.given(function, self.arguments_of(inner, self._hierarchy.owner.get(function, -1)))
                arguments = {**inferred, **self._classes.with_projections(of_receiver)}
                self._apply(slot, function, inner, arguments)
                replaced = replaced or self._is_replaced(function, arguments)
        return replaced

    def _receivers(self, callee: int, holder: int) -> list[int]:
        """What a function is called on, which for a bare name or a member of the base is an instance of a class around."""
        program = self._program
        if program.forms[callee] == IMPLICIT:
            return [value(INSTANCE_OF, definition) for definition in program.enclosing_classes(program.definition_of(callee))]
        if holder < 0:
            return []
        if program.forms[holder] == SUPER:
            return [value(INSTANCE_OF, program.definition_of(holder))]
        written = [value(GENERIC_OF, holder)] if program.forms[holder] == GENERIC else []
        return [*written, *self._propagation.held(holder)]

    def _is_replaced(self, function: int, arguments: Arguments) -> bool:
        """Whether the declared result is a type parameter for which a type is known, in a language where that decides it."""
        program, declared = self._program, self._result_of(function)
        if not program.definitions[function].returns:
            return False
        if program.traits[program.file_of_definition[function]].declared_types != "strict":
            return self._closed.is_one(declared, arguments)
        results = [declared]
        if program.forms[declared] == GENERIC and self._is_opened(declared):
            results = [program.first_of_slot[declared] + part for part in program.parts[declared][1:]]
        given = [given for result in results if (given := self._substitution.argument_of(result, arguments)) >= 0]
        named = all(program.forms[result] in NAME_FORMS or program.forms[result] == MEMBER for result in results)
        exact = program.traits[program.file_of_definition[function]].literal_instances
        return named and bool(given) and all(self._is_known(slot, exact=exact) for slot in given)

    def _is_known(self, given: int, *, exact: bool) -> bool:
        """Whether a type is written for a type parameter, or the argument that says it is of one, evidently so where types are `exact`."""
        if self._program.forms[given] != HELD or exact:
            return self._classes.is_known(given)
        return any(inner & MASK == INSTANCE_OF for inner in self._propagation.held(given))

    def _is_opened(self, declared: int) -> bool:
        """Whether a generic type stands for its arguments: several results, and containers where types say all of what is in them."""
        program, named = self._program, self._program.part(declared)
        own = any(inner & MASK == DEF for inner in self._names.static(named))
        exact = program.traits[program.file_of_slot(declared)].literal_instances and not own
        return exact or program.texts[named] == RESULTS

    def construct(self, slot: int, constructor: int, definition: int) -> None:
        """Functions that a construction with type arguments is given take these."""
        names = self._program.definitions[definition].type_parameters
        arguments = dict(zip(names, self._substitution.given(self._program.part(slot), NOTHING), strict=False))
        self._give(slot, constructor, arguments)

    def infer_literal(self, slot: int, definition: int) -> None:
        """A literal without type arguments has those that its fields say: `Box { item: dog }`."""
        program, names = self._program, self._program.definitions[definition].type_parameters
        if not names or not program.texts[slot] or not program.traits[program.file_of_slot(slot)].literal_instances:
            return
        first, parts = program.first_of_slot[slot], program.parts[slot][1:]
        given = dict(zip(program.texts[slot].split(","), parts, strict=False))
        fields = {name: self._hierarchy.defines(definition, name) for name in given}
        pairs = [
            (declared, first + given[name]) for name, field in fields.items() if field >= 0 for declared in self._types_of_field(field)
        ]
        self._infer_made(slot, program.part(slot), names, pairs)

    def _infer_maker(self, slot: int, function: int, holder: int) -> None:
        """A function without a receiver that returns its own generic class, with the type arguments that are written or given."""
        if not self._is_maker(function):
            return
        program, owner = self._program, self._hierarchy.owner[function]
        if holder >= 0 and program.forms[holder] == GENERIC:
            self._propagation.add(slot, value(GENERIC_OF, holder))
        else:
            named = program.slot_of_definition[owner]
            self._infer_made(slot, named, program.definitions[owner].type_parameters, self._arguments(slot, function))

    def _is_maker(self, function: int) -> bool:
        """Whether a function without a receiver returns its generic class, in languages whose literals make all instances."""
        program, owner, entry = self._program, self._hierarchy.owner.get(function, -1), self._program.definitions[function]
        if owner < 0 or entry.returns == UNKNOWN or "static" not in entry.modifiers or not program.definitions[owner].type_parameters:
            return False
        literal = program.traits[program.file_of_definition[owner]].literal_instances
        return literal and self._names.static(self._result_of(function)) == (value(DEF, owner),)

    def _infer_made(self, slot: int, named: int, names: Sequence[str], pairs: Sequence[tuple[int, int]]) -> None:
        """What is made has the type arguments that pairs of a declared type and a value say."""
        if (slot, named) in self._inferred_at:
            return
        known = self._inferred_at[slot, named] = {name: self._program.new_slot(HELD) for name in names}
        for declared, argument in pairs:
            for name, held in known.items():
                self._infer(declared, argument, name, held)
        self._open.update(held for held in known.values() if not self._classes.is_noted(held))
        made = self._program.derived_slot(named, GENERIC, "", (named, *known.values()))
        self._propagation.add(slot, value(GENERIC_OF, made))

    def infer_construction(self, slot: int, constructor: int, definition: int, fields: Iterable[tuple[int, int]] = ()) -> None:
        """A construction without type arguments has those that the arguments of the constructor, or `fields`, say: `new Box<>(dog)`."""
        program, callee = self._program, self._program.part(slot)
        names = program.definitions[definition].type_parameters
        bare = program.forms[callee] != GENERIC or len(program.parts[callee]) == 1
        traits = program.traits[program.file_of_definition[definition]]
        closed = (traits.package_scope or bool(traits.prototype)) and traits.declared_types == "strict" and not traits.templates
        if not names or not bare or not closed or (slot, constructor) in self._inferred_at:
            return
        known = self._inferred_at[slot, constructor] = {name: program.new_slot(HELD) for name in names}
        given = [(declared, argument) for field, argument in fields for declared in self._types_of_field(field)]
        for declared, argument in given or self._arguments(slot, constructor):
            for name, held in known.items():
                self._infer(declared, argument, name, held)
        named = program.part(callee) if program.forms[callee] == GENERIC else callee
        made = program.derived_slot(callee, GENERIC, "", (named, *known.values()))
        self._propagation.add(slot, value(GENERIC_OF, made))

    def _give(self, slot: int, function: int, arguments: Arguments) -> None:
        for declared, argument in self._arguments(slot, function):
            asked = self._substitution.functions_asked(declared) if self._program.forms[declared] == LOCAL else []
            for written in (declared, *asked):
                if self._substitution.names(written, arguments):
                    self.contexts.give(argument, written, arguments)

    def _apply(self, slot: int, function: int, receiver: int, arguments: Arguments) -> None:
        if not arguments or (slot, function, receiver) in self._done:
            return
        self._done.add((slot, function, receiver))
        if self._program.definitions[function].returns != UNKNOWN:
            self._substitution.hold(self._result_of(function), arguments, slot)
        if self._program.forms[slot] != INDEX:
            self._give(slot, function, arguments)
        if receiver >= 0 and receiver & MASK == GENERIC_OF:
            self._learn(slot, function, arguments)

    def _learn(self, slot: int, function: int, arguments: Arguments) -> None:
        """What a method is given says what the type parameters of its receiver are which nothing says where that is made."""
        open_ones = [(name, held) for name, held in arguments.items() if held in self._open]
        for declared, argument in self._arguments(slot, function) if open_ones else ():
            for name, held in open_ones:
                self._infer(declared, argument, name, held)

    def arguments_of(self, receiver: int, owner: int) -> Arguments:
        """Type arguments of a receiver, as those of the class that declares the member."""
        index = receiver >> SHIFT
        if owner < 0:
            return {}
        if receiver & MASK != GENERIC_OF:
            known = self._associated.get((index, self._program.definitions[owner].name), NOTHING) if self._associated else NOTHING
            return {**self._inherited(index, owner, {}, BASE_DEPTH), **known}
        if self._program.forms[index] == LOCAL:
            return self._projections[index]
        given = self._substitution.given(index, {})
        classes = [inner >> SHIFT for inner in self._names.static(index) if inner & MASK == DEF]
        found: dict[str, int] = {}
        for definition in classes:
            names = self._program.definitions[definition].type_parameters
            known = dict(zip(names, given, strict=False))
            found.update(known if definition == owner else self._inherited(definition, owner, known, BASE_DEPTH))
        return found

    def passed(self, definition: int, owner: int) -> list[Arguments]:
        """The type arguments that a class gives to one above it, as often as that is named; none where there are too many of these."""
        found: list[Arguments] = []
        work: list[tuple[int, Arguments]] = [(definition, {})]
        for below, known in work:
            for above, arguments in self._given_to_bases(below, known):
                if above == owner:
                    found.append(arguments)
                else:
                    work.append((above, arguments))
            if len(work) > BASES:
                return []
        return found

    def _given_to_bases(self, definition: int, known: Arguments) -> Iterator[tuple[int, Arguments]]:
        program = self._program
        entry, first = program.definitions[definition], program.first_slot[program.file_of_definition[definition]]
        for base in (first + part for part in (*entry.bases, *entry.interfaces)):
            for inner in self._names.static(base):
                if inner & MASK == DEF and inner >> SHIFT != definition:
                    given = self._substitution.given(base, known) if program.forms[base] == GENERIC else []
                    yield inner >> SHIFT, dict(zip(program.definitions[inner >> SHIFT].type_parameters, given, strict=False))

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
                given = self._substitution.given(base, known) if program.forms[base] == GENERIC else []
                passed = dict(zip(program.definitions[inner >> SHIFT].type_parameters, given, strict=False))
                found = passed if inner >> SHIFT == owner else self._inherited(inner >> SHIFT, owner, passed, depth - 1)
                if found:
                    return found
        return {}

    # --- a function's own parameters ---------------------------------------------------------------------------------------------------

    def _inferred(self, slot: int, function: int) -> Arguments:
        """`<T> T first(List<T> items)` returns what the arguments hold where their parameters say `T`."""
        own = self._program.definitions[function].type_parameters
        known = self._inferred_at.get((slot, function))
        if known is None and own:
            known = self._inferred_at[slot, function] = {name: self._program.new_slot(HELD) for name in own}
            for declared, argument in (*self._arguments(slot, function), *self._receiver(slot, function)):
                for name, held in known.items():
                    self._infer(declared, argument, name, held)
        return known or NOTHING

    def _receiver(self, slot: int, function: int) -> list[tuple[int, int]]:
        """(type that the function is declared for, what it is called on), where it is declared outside of the type."""
        program = self._program
        callee, receiver = program.part(slot), program.definitions[function].receiver
        if receiver == UNKNOWN or program.forms[callee] != MEMBER:
            return []
        return [(program.first_slot[program.file_of_definition[function]] + receiver, program.part(callee))]

    def _infer(self, declared: int, argument: int, name: str, held: int) -> None:
        """What an argument says of a type parameter of its parameter's type."""
        program, form = self._program, self._program.forms[declared]
        if form in NAME_FORMS:
            if program.texts[declared] == name:
                self._infer_named(argument, held)
        elif form in (UNION, ARRAY) and (form == UNION or program.forms[argument] == SEQUENCE):
            self._infer_parts(declared, argument, name, held)
        elif form == FUNCTION_TYPE and program.forms[argument] == DEFINITION:
            if self._substitution.names(program.part(declared), {name}) and program.is_function(program.definition_of(argument)):
                self._propagation.connect(program.return_slot(program.definition_of(argument)), held)
        elif form == GENERIC and (program.forms[argument] in FUNCTION_FORMS or declared_results(program, self._names, argument)):
            result = self._substitution.names(declared, {name}) and self._result_argument(declared)
            for returned in self._returned(argument) if result and self._substitution.names(result, {name}) else ():
                self._infer(result, returned, name, held)
        elif form in (GENERIC, ARRAY) and self._substitution.names(declared, {name}):
            self._infer_elements(declared, argument, name, held)

    def _infer_named(self, argument: int, held: int) -> None:
        """The argument is of the type that the parameter stands for."""
        self._propagation.connect(argument, held)
        self._classes.note(held, argument)
        if (constant := constant_of(self._program, self._names, argument)) >= 0:
            self._substitution.constants[held] = constant

    def _infer_parts(self, declared: int, argument: int, name: str, held: int) -> None:
        """One of several types, or the elements of a literal."""
        program = self._program
        if program.forms[declared] == UNION:
            for part in program.parts[declared]:
                self._infer(program.first_of_slot[declared] + part, argument, name, held)
            return
        for part in program.parts[argument][:ELEMENTS]:
            self._infer(program.part(declared), program.first_of_slot[argument] + part, name, held)

    def _infer_elements(self, declared: int, argument: int, name: str, held: int) -> None:
        """What an argument's class gives to a generic one, or what is in it."""
        if self._program.forms[declared] != GENERIC or not self._infer_by_class(declared, argument, name, held):
            self._propagation.connect(self._constraints.step(argument, "[?]"), held)

    def _infer_by_class(self, declared: int, argument: int, name: str, held: int) -> bool:
        """What the class of an argument gives to the generic class of the parameter that it extends; whether it gives anything."""
        program = self._program
        wanted = [i >> SHIFT for i in self._names.static(declared) if i & MASK == DEF and program.definitions[i >> SHIFT].type_parameters]
        types = written_types(self._program, self._names, argument) if wanted else ()
        own = [(program.definition_of(argument), UNKNOWN)] if program.forms[argument] == THIS else []
        named = [(inner >> SHIFT, written) for written in types for inner in self._names.static(written) if inner & MASK == DEF]
        found = False
        for owner in wanted:
            parameters = dict(zip(program.definitions[owner].type_parameters, program.parts[declared][1:], strict=False))
            for given, written in [*own, *named]:
                arguments = self._given_to(owner, given, written)
                for parameter in parameters.keys() & arguments.keys():
                    part = program.first_of_slot[declared] + parameters[parameter]
                    if program.texts[part] == name:
                        self._substitution.hold(part, {name: arguments[parameter]}, held)
                        found = True
        return found

    def _given_to(self, owner: int, definition: int, written: int) -> Arguments:
        """The type arguments that a generic class has in a type that is written, which is of it or of a class that extends it."""
        program = self._program
        if not program.is_class(definition):
            return NOTHING
        given = self._substitution.given(written, {}) if written != UNKNOWN and program.forms[written] == GENERIC else []
        known = dict(zip(program.definitions[definition].type_parameters, given, strict=False))
        return known if definition == owner else self._inherited(definition, owner, known, BASE_DEPTH)

    def result_of_function(self, declared: int) -> int:
        """Type argument that says what functions of a type of the library return; 0 for any other value."""
        program = self._program
        if program.forms[declared] != GENERIC or not program.traits[program.file_of_slot(declared)].functional_types:
            return 0
        outside = any(i & MASK == EXTERNAL and self._library.returns_argument(declared, i >> SHIFT) for i in self._names.static(declared))
        return program.first_of_slot[declared] + program.parts[declared][-1] if outside else 0

    def _result_argument(self, declared: int) -> int:
        """Of an interface with type arguments that asks for one method, the argument which that returns; 0 where it is not one."""
        program = self._program
        given = [program.first_of_slot[declared] + part for part in program.parts[declared][1:]]
        for inner in self._names.static(declared):
            index = inner >> SHIFT
            if inner & MASK == EXTERNAL and self._library.returns_argument(declared, index):
                return given[-1]
            asked = self._hierarchy.asked_method(index) if inner & MASK == DEF and program.is_class(index) else None
            if asked is not None and asked >= 0 and program.definitions[asked].returns:
                returned = dict(zip(program.definitions[index].type_parameters, given, strict=False))
                return returned.get(program.texts[self._result_of(asked)], 0)
        return 0

    def _returned(self, argument: int) -> list[int]:
        """What a function returns that is written as an argument: a lambda, or a method by the name of its class."""
        program = self._program
        if program.forms[argument] == DEFINITION:
            definition = program.definition_of(argument)
            return [program.return_slot(definition)] if program.is_function(definition) else []
        if results := declared_results(program, self._names, argument):
            made = self._constraints.counterparts.step(results[0], "instance")
            program.declared[made] = results
            return [made]
        member = program.part(argument)
        if program.forms[member] != MEMBER:
            return self._made_by(member)
        owners = [inner >> SHIFT for inner in self._names.static(program.part(member)) if inner & MASK == DEF]
        methods = [m for owner in owners if program.is_class(owner) for m in self._hierarchy.methods(owner, program.texts[member])]
        return [program.return_slot(method) for method in methods if len(methods) == 1]

    def _made_by(self, named: int) -> list[int]:
        """A slot of the instances of a class that a constructor makes which is taken as a function."""
        made = self._program.new_slot(HELD)
        for inner in self._names.static(named):
            if inner & MASK == DEF and self._program.is_class(inner >> SHIFT):
                self._propagation.add(made, value(INSTANCE_OF, inner >> SHIFT))
        return [made]

    def _arguments(self, slot: int, function: int) -> list[tuple[int, int]]:
        """(declared type of the parameter, argument) of a call."""
        program = self._program
        first = program.first_slot[program.file_of_definition[function]]
        parameters = program.definitions[function].parameters
        arguments = [program.first_of_slot[slot] + part for part in program.parts[slot][1:]]
        offset, callee = self._hierarchy.received(function), program.part(slot)
        if EXTENSION in program.definitions[function].modifiers and program.forms[callee] == MEMBER:
            arguments.insert(0, program.part(callee))
        pairs = zip(parameters[offset:], arguments, strict=False)
        return [(first + parameter.type, argument) for parameter, argument in pairs if parameter.type != UNKNOWN]

    # --- fields ------------------------------------------------------------------------------------------------------------------------

    def take_field(self, slot: int, receiver: int) -> None:
        """The `MEMBER` expression `slot` is a field whose declared type names a parameter of its class."""
        written = self._program.texts[slot]
        names = (written,) if written in self.fields else self._signatures
        of_class = receiver & MASK == INSTANCE_OF
        types = () if not names else (receiver,) if of_class else self._names.static(receiver >> SHIFT)
        for definition in [inner >> SHIFT for inner in types if of_class or inner & MASK == DEF]:
            for name in names if written in names or not self._hierarchy.declares(definition, written) else ():
                self._take_declared(slot, receiver, definition, name)

    def _take_declared(self, slot: int, receiver: int, definition: int, name: str) -> None:
        for owner in self._hierarchy.order(definition):
            field = self._hierarchy.defines(owner, name)
            if field in self.fields[name]:
                arguments = self.arguments_of(receiver, owner)
                for declared in self._types_of_field(field):
                    self._substitution.hold(declared, arguments, slot)

    def _find_fields(self) -> dict[str, set[int]]:
        """Name → fields whose declared type names a parameter of their class."""
        program, found = self._program, dict[str, set[int]]()
        for definition, entry in enumerate(program.definitions):
            known = entry.type_parameters if program.is_class(definition) else ()
            for name, field in self._names.members_of_class(definition).items() if known else ():
                if any(self._substitution.names(declared, known) for declared in self._types_of_field(field)):
                    found.setdefault(name, set()).add(field)
        return found

    def _types_of_field(self, field: int) -> list[int]:
        """What a field is declared to be, or a property that is a method."""
        program = self._program
        properties = [d for d in program.bound.get(field, ()) if PROPERTY in program.definitions[d].modifiers]
        results = (self._result_of(definition) for definition in properties if program.definitions[definition].returns)
        return [*program.declared.get(field, ()), *results]
