"""Types that functions and literals take from where they stand: `each((item) => …)` where `each` takes a `(item: Item) => void`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from aelus.domain.facts import (
    ARRAY,
    CALL,
    CONSTANT,
    DEFINITION,
    FREE,
    FUNCTION_TYPE,
    GENERIC,
    INDEX,
    INSTANCE,
    LOCAL,
    MAPPING,
    MEMBER,
    NEW,
    SEQUENCE,
    THIS,
    TYPE_OF,
    UNION,
    UNKNOWN,
)
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.library_types import COUNTED, NOTHING_ASKED, library_types
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import FUNCTION_KINDS, HELD, Program
from aelus.domain.linking.types.container_types import is_mapping_type
from aelus.domain.linking.types.declarations import Declarations
from aelus.domain.linking.types.index_signatures import stands_for_all
from aelus.domain.linking.types.substitution import NAME_FORMS, NOTHING, Arguments, Substitution
from aelus.domain.linking.values import DEF, EXTERNAL, MASK, SHIFT

DEPTH: Final = 6
"""Literals and types inside each other that are followed."""
ALTERNATIVES: Final = 64
"""Types that one type is taken apart into; more are left out."""
ANY: Final = "*"
"""In place of the name of a member, for all of them."""
OPENED, RECEIVER = "?", "self"
"""Words about conversions, see `LanguageTraits.conversions`."""
CALL_FORMS: Final = frozenset({CALL, INDEX})
GIVEN_FORMS: Final = frozenset({DEFINITION, MAPPING, NEW, SEQUENCE, UNION})


class Contexts:
    """Gives expected types to what is written in their place."""

    def __init__(
        self,
        program: Program,
        names: Names,
        hierarchy: Hierarchy,
        declarations: Declarations,
        substitution: Substitution,
    ) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._declarations = declarations
        self._substitution = substitution
        self._types = [library_types(traits.types) for traits in program.traits]
        conversions = {traits.name: dict(traits.conversions) for traits in program.languages}
        wrappers = {traits.name: dict(traits.wrappers) for traits in program.languages}
        self._conversions = [conversions[traits.name] for traits in program.traits]
        self._wrappers = [wrappers[traits.name] for traits in program.traits]
        self.converts = any(self._conversions)
        """Whether calls may be of methods that the expected type decides."""
        self.given_forms = GIVEN_FORMS | CALL_FORMS if self.converts else GIVEN_FORMS
        self._given_calls: set[tuple[int, int]] = set()
        """(call, type) that has been looked at: types may be made of aliases of each other."""
        self.converted: dict[int, dict[int, bool]] = {}
        """Call → methods of the expected type that it may run, and whether its receiver is their argument."""
        self.implementations: dict[int, dict[int, None]] = {}
        """Slot of a type's member → functions that literals of the type have in its place."""
        self.entries: dict[tuple[int, str], dict[int, None]] = {}
        """As `implementations`, for types that are written as objects: (type, name of the entry)."""

    def seed(self) -> None:
        """Look at all that is written where a declared type is expected."""
        program = self._program
        for target, types in program.declared.items():
            for source in program.sources.get(target, ()):
                for declared in types:
                    self.give(source, declared)
        self._seed_stored()
        for definition, slot in program.returns.items():
            entry = program.definitions[definition]
            for source in program.sources.get(slot, ()) if entry.returns != UNKNOWN else ():
                self.give(source, program.first_slot[program.file_of_definition[definition]] + entry.returns)
        for definition, entry in enumerate(program.definitions):
            if entry.kind == "Field" and entry.returns != UNKNOWN:
                for source in program.sources.get(program.slot_of_definition[definition], ()):
                    self.give(source, program.first_slot[program.file_of_definition[definition]] + entry.returns)

        if self.converts:
            self._seed_calls()

    def _seed_calls(self) -> None:
        """Calls whose results have types."""
        program = self._program
        for target, types in program.declared.items():
            for declared in types if program.forms[target] == CALL else ():
                self.give(target, declared)
        for slot in program.by_form[CALL]:
            callee = program.part(slot)
            if program.forms[callee] == MEMBER and program.texts[callee] in program.traits[program.file_of_slot(slot)].derived_makers:
                self._make_derived(slot, callee)

    def _make_derived(self, slot: int, callee: int) -> None:
        program = self._program
        for found in self._names.static(program.part(callee)):
            definition = found >> SHIFT
            if found & MASK == DEF and program.is_class(definition) and not self._hierarchy.methods(definition, program.texts[callee]):
                self._declarations.hold_class(definition, slot)

    def _seed_stored(self) -> None:
        program = self._program
        for target, sources in program.sources.items():
            for source in sources if program.forms[target] == MEMBER else ():
                if program.forms[source] in self.given_forms:
                    self._give_stored(source, target)

    def _give_stored(self, source: int, target: int) -> None:
        """What is assigned to a member whose type the declared type of its holder says."""
        program, holder = self._program, self._program.part(target)
        if program.forms[holder] == THIS:
            found: dict[str, tuple[int, int, Arguments]] = {}
            self._add_members(program.definition_of(holder), NOTHING, found)
            types: list[Mapping[str, tuple[int, int, Arguments]]] = [found]
        elif program.forms[holder] == NEW:
            types = [self._members_of(program.part(holder), NOTHING)] if self.converts else []
        else:
            expanded = (inner for declared in program.declared.get(holder, ()) for inner in self._expanded(declared, NOTHING, set()))
            types = [self._members_of(expected, known) for expected, known in expanded]
        for members in types:
            known = members.get(program.texts[target]) or members.get(ANY)
            if known is not None and known[1] >= 0:
                self.give(source, known[1], known[2])

    def give(self, source: int, declared: int, arguments: Arguments = NOTHING, depth: int = 0) -> None:
        """What `source` says stands where an instance of a type is expected."""
        form = self._program.forms[source]
        if form not in self.given_forms or depth > DEPTH:
            return
        if form in CALL_FORMS:
            self._give_call(source, declared, arguments, depth)
        else:
            self._give_written(source, form, declared, (arguments, depth))

    def _give_written(self, source: int, form: int, declared: int, around: tuple[Arguments, int]) -> None:
        program, (arguments, depth) = self._program, around
        if form == UNION:
            for part in program.parts[source]:
                self.give(program.first_of_slot[source] + part, declared, arguments, depth + 1)
            return
        for expected, known in self._expanded(declared, arguments, set()):
            if form == NEW:
                self._declarations.make(program.part(source), expected)
            elif form == DEFINITION:
                self._give_function(program.definition_of(source), expected, known)
            elif form == MAPPING:
                self._give_mapping(source, expected, known, depth)
            elif program.forms[expected] in (ARRAY, GENERIC):
                element = program.first_of_slot[expected] + program.parts[expected][-1]
                for part in program.parts[source]:
                    self.give(program.first_of_slot[source] + part, element, known, depth + 1)

    def _expanded(self, declared: int, arguments: Arguments, seen: set[int]) -> Iterator[tuple[int, Arguments]]:
        """The type with aliases, unions and type parameters taken apart."""
        program, form = self._program, self._program.forms[declared]
        if declared in seen or len(seen) > ALTERNATIVES:
            return
        seen.add(declared)
        if form == UNION:
            for part in program.parts[declared]:
                yield from self._expanded(program.first_of_slot[declared] + part, arguments, seen)
            return
        if form in NAME_FORMS and (given := arguments.get(program.texts[declared], -1)) >= 0:
            yield from self._expanded(given, NOTHING, seen)
            return
        if form == TYPE_OF:
            yield from self._queried(program.part(declared), arguments, seen)
            return
        if (generic := self._declarations.aliases.of(declared)) >= 0:
            yield from self._expanded(generic, NOTHING, seen)
            return
        yield declared, arguments
        for bound in self._declarations.functions_asked(declared) if form == LOCAL else ():
            yield bound, arguments
        for alias in self._aliases(declared):
            entry = program.definitions[alias]
            passed = self._substitution.given(declared, arguments) if form == GENERIC else []
            known = dict(zip(entry.type_parameters, passed, strict=False))
            aliased = program.first_slot[program.file_of_definition[alias]] + entry.returns
            yield from self._expanded(aliased, known, seen)

    def _aliases(self, declared: int) -> Iterable[int]:
        """Aliases that a type is named by, also those that stand for a generic type of the library."""
        program, named = self._program, self._program.without_arguments(declared)
        bound = [*program.bound.get(named, ())] if program.forms[named] == LOCAL else []
        for file, statement in program.imports.get(named, ()):
            bound.extend(d for slot in self._names.imported(file, statement).slots for d in program.bound.get(slot, ()))
        found = dict.fromkeys((*(inner >> SHIFT for inner in self._names.static(declared) if inner & MASK == DEF), *bound))
        return [d for d in found if program.definitions[d].kind == "TypeAlias" and program.definitions[d].returns != UNKNOWN]

    def _queried(self, queried: int, arguments: Arguments, seen: set[int]) -> Iterator[tuple[int, Arguments]]:
        """`typeof x`, as `x` is declared; `T[K]`, by the constant that is given for `K`."""
        program = self._program
        if program.forms[queried] == LOCAL:
            for written in program.declared.get(queried, ()):
                yield from self._expanded(written, NOTHING, seen)
        elif program.forms[queried] == INDEX and len(program.parts[queried]) > 1 and program.forms[program.part(queried)] == INSTANCE:
            name = program.texts[self._substitution.constant_of(program.part(queried, 1), arguments)]
            for expected, known in self._expanded(program.part(program.part(queried)), arguments, seen):
                _, declared, passed = self._members_of(expected, known).get(name, (-1, -1, NOTHING))
                if declared >= 0:
                    yield from self._expanded(declared, passed, seen)

    # --- calls ---------------------------------------------------------------------------------------------------------------------------

    def _give_call(self, source: int, declared: int, arguments: Arguments, depth: int) -> None:
        """A call that converts to what is expected, or that puts such a one into a generic type, or takes something out of it."""
        program, file = self._program, self._program.file_of_slot(source)
        called, opened = (source, False) if program.forms[source] == CALL else (program.part(source), True)
        if not self._conversions[file] or program.forms[called] != CALL or (depth and (source, declared) in self._given_calls):
            return
        self._given_calls.add((source, declared))
        callee, unwraps = program.part(called), program.traits[file].unwrappers
        while program.forms[callee] == MEMBER and program.texts[callee] in unwraps and program.forms[program.part(callee)] == CALL:
            called, callee, opened = program.part(callee), program.part(program.part(callee)), True
        wrapped = self._wrappers[file].get(program.texts[callee]) if program.forms[callee] == FREE and not opened else None
        if wrapped is not None and len(program.parts[called]) > 1:
            for expected, known in self._expanded(declared, arguments, set()):
                if program.forms[expected] == GENERIC and len(program.parts[expected]) > int(wrapped) + 1:
                    self.give(program.part(called, 1), program.part(expected, int(wrapped) + 1), known, depth + 1)
        elif program.forms[callee] == MEMBER:
            self._convert(called, self._conversion(callee, file), self._expanded(declared, arguments, set()), opened=opened)

    def _conversion(self, callee: int, file: int) -> list[str]:
        """The method that a call runs of the expected type, and words about it."""
        program, holder = self._program, self._program.part(callee)
        name = program.texts[callee]
        written = f"{program.texts[holder]}.{name}" if program.forms[holder] == FREE else name
        return self._conversions[file].get(written, "").split()

    def _convert(self, called: int, words: list[str], types: Iterator[tuple[int, Arguments]], *, opened: bool) -> None:
        program = self._program
        for expected, known in types if words and (OPENED in words or not opened) else ():
            if OPENED in words and not opened:
                if program.forms[expected] == GENERIC:
                    self._convert(called, words, self._expanded(program.part(expected, 1), known, set()), opened=True)
                continue
            types_meant = (
                self._names.static(expected) or self._names.builtin(program.file_of_slot(expected), program.texts[expected]).values
            )
            for found in types_meant:
                methods: Sequence[int] = ()
                if found & MASK == DEF and program.is_class(found >> SHIFT):
                    methods = self._hierarchy.methods(found >> SHIFT, words[0])
                elif found & MASK == EXTERNAL and RECEIVER in words:
                    methods = self._hierarchy.statics_of_outer(found, words[0])
                if methods:
                    self.converted.setdefault(called, {}).update(dict.fromkeys(methods, RECEIVER in words))

    # --- functions ---------------------------------------------------------------------------------------------------------------------

    def _give_function(self, definition: int, expected: int, arguments: Arguments) -> None:
        program = self._program
        if not program.is_function(definition):
            return
        if program.forms[expected] == FUNCTION_TYPE:
            first = program.first_of_slot[expected]
            types = [first + part if part else UNKNOWN for part in program.parts[expected][1:]]
            if program.texts[expected]:
                self._give_receiver(definition, types.pop(0), arguments)
            self._give_parameters(definition, types, arguments)
        elif program.traits[program.file_of_slot(expected)].functional_types:
            for inner in self._names.static(expected):
                if inner & MASK == DEF:
                    self._give_asked(definition, inner >> SHIFT, expected, arguments)
                elif inner & MASK == EXTERNAL and program.forms[expected] == GENERIC:
                    self._give_library(definition, inner >> SHIFT, expected, arguments)

    def _give_asked(self, function: int, interface: int, expected: int, arguments: Arguments) -> None:
        """A function that stands for the only method that an interface asks for."""
        program = self._program
        asked = self._hierarchy.asked_method(interface) if program.is_class(interface) else None
        if asked is None or asked < 0:
            return
        owner, given = self._hierarchy.owner[asked], list[int]()
        if owner == interface and program.forms[expected] == GENERIC:
            given = self._substitution.given(expected, arguments)
        known = dict(zip(program.definitions[owner].type_parameters, given, strict=False))
        first = program.first_slot[program.file_of_definition[asked]]
        types = [first + parameter.type if parameter.type else UNKNOWN for parameter in program.definitions[asked].parameters]
        self._give_parameters(function, types, known)

    def _give_library(self, function: int, external: int, expected: int, arguments: Arguments) -> None:
        """A function of a type of the library: its parameters are of the type arguments, all of the only one."""
        program = self._program
        known = self._types[program.file_of_slot(expected)].get(self._names.externals.entries[external].qualified_name)
        count = known.parameters if known is not None else NOTHING_ASKED
        first, listed = program.first_of_slot[expected], program.parts[expected][1:]
        if count in COUNTED.values():
            count = len(listed) if count == COUNTED["arguments"] else len(listed) - 1
        written = listed * count if len(listed) == 1 else listed[: max(count, 0)]
        self._give_parameters(function, [first + part if part else UNKNOWN for part in written], arguments)

    def _give_receiver(self, definition: int, declared: int, arguments: Arguments) -> None:
        variable = self._program.receiver_variable(definition)
        if variable < 0 or declared == UNKNOWN:
            return
        if self._substitution.names(declared, arguments):
            self._substitution.hold(declared, arguments, variable)
        else:
            self._declarations.declare(variable, declared)

    def _give_parameters(self, definition: int, types: list[int], arguments: Arguments) -> None:
        program, entry = self._program, self._program.definitions[definition]
        first = program.first_slot[program.file_of_definition[definition]]
        for parameter, declared in zip(entry.parameters, types, strict=False):
            if parameter.type == UNKNOWN and declared != UNKNOWN and parameter.kind == "positional":
                variable = first + parameter.variable
                if arguments and self._substitution.names(declared, arguments):
                    self._substitution.hold(declared, arguments, variable)
                    self._close(variable, declared, arguments)
                elif not self._is_type_parameter(declared):
                    self._declarations.declare(variable, declared)

    def _close(self, variable: int, declared: int, arguments: Arguments) -> None:
        """A parameter of a function that is written for one type holds nothing else."""
        given = arguments.get(self._program.texts[declared], -1) if self._program.forms[declared] in NAME_FORMS else -1
        if given >= 0 and self._program.forms[given] != HELD:
            self._declarations.close(variable, given)

    def _is_type_parameter(self, declared: int) -> bool:
        """Whether a type is a type parameter, of which only the bound is known here."""
        program = self._program
        if not program.traits[program.file_of_slot(declared)].functional_types:
            return False
        return program.is_type_parameter(declared)

    # --- literals ----------------------------------------------------------------------------------------------------------------------

    def _give_mapping(self, literal: int, expected: int, arguments: Arguments, depth: int) -> None:
        program = self._program
        members = self._members_of(expected, arguments)
        if not members:
            return
        keyed = program.texts[expected] if is_mapping_type(program, expected) else ""
        first, parts = program.first_of_slot[literal], program.parts[literal]
        for key, held in zip(parts[::2], parts[1::2], strict=False):
            known = (members.get(program.texts[first + key]) if program.forms[first + key] == CONSTANT else None) or members.get(ANY)
            if known is None:
                continue
            member, declared, passed = known
            if keyed and program.forms[first + key] == CONSTANT:
                passed = {**passed, keyed: first + key}
            if declared >= 0:
                self.give(first + held, declared, passed, depth + 1)
            if program.forms[first + held] == DEFINITION and member >= 0:
                self._implement(program.definition_of(first + held), member, passed)
            elif program.forms[first + held] == LOCAL and member >= 0:
                self.implementations.setdefault(member, {}).update(self._functions_at(first + held))
            elif program.forms[expected] == MAPPING and program.forms[first + key] == CONSTANT:
                self.entries.setdefault((expected, program.texts[first + key]), {}).update(self._functions_at(first + held))

    def _members_of(self, expected: int, arguments: Arguments) -> Mapping[str, tuple[int, int, Arguments]]:
        """Name of a member → its slot, or -1; its declared type, or -1; what type parameters stand for there."""
        program = self._program
        if program.forms[expected] == MAPPING:
            first, parts = program.first_of_slot[expected], program.parts[expected]
            pairs = [(first + key, first + held) for key, held in zip(parts[::2], parts[1::2], strict=False)]
            typed = [(key, held) for key, held in pairs if program.forms[held] == INSTANCE]
            named = ((program.texts[key] if program.forms[key] == CONSTANT else ANY, held) for key, held in typed)
            return {name: (-1, program.part(held), arguments) for name, held in named}
        if is_mapping_type(self._program, expected):
            return {ANY: (-1, program.first_of_slot[expected] + program.parts[expected][-1], arguments)}
        found: dict[str, tuple[int, int, Arguments]] = {}
        for inner in self._names.static(expected):
            if inner & MASK == DEF and program.is_class(inner >> SHIFT):
                given = self._substitution.given(expected, arguments) if program.forms[expected] == GENERIC else []
                known = dict(zip(program.definitions[inner >> SHIFT].type_parameters, given, strict=False))
                self._add_members(inner >> SHIFT, known, found)
        return found

    def _add_members(self, definition: int, arguments: Arguments, found: dict[str, tuple[int, int, Arguments]]) -> None:
        program = self._program
        for owner in self._hierarchy.order(definition):
            for name, slot in (self._names.class_members[owner] or {}).items():
                types = [program.definitions[d].returns for d in program.bound.get(slot, ()) if program.definitions[d].kind == "Field"]
                declared = program.first_slot[program.file_of_definition[owner]] + types[0] if types and types[0] else -1
                key = ANY if program.definitions[owner].kind == "Interface" and stands_for_all(name) else name
                found.setdefault(key, (slot, declared, arguments if owner == definition else NOTHING))

    def _functions_at(self, slot: int) -> dict[int, None]:
        """Functions that an expression defines or names: what they take they say themselves."""
        named = self._names.static(slot) if self._program.forms[slot] in (DEFINITION, LOCAL) else ()
        return {inner >> SHIFT: None for inner in named if inner & MASK == DEF and self._program.is_function(inner >> SHIFT)}

    def _implement(self, function: int, member: int, arguments: Arguments) -> None:
        program = self._program
        if not program.is_function(function):
            return
        self.implementations.setdefault(member, {})[function] = None
        signatures = [d for d in program.bound.get(member, ()) if program.definitions[d].kind in FUNCTION_KINDS]
        for signature in signatures if len(signatures) == 1 else ():
            for declared in program.declared.get(program.receiver_variable(signature), ()):
                self._give_receiver(function, declared, arguments)
            first = program.first_slot[program.file_of_definition[signature]]
            types = [first + parameter.type if parameter.type else UNKNOWN for parameter in program.definitions[signature].parameters]
            self._give_parameters(function, types, arguments)
