"""Declared types: what a variable, field, parameter or result holds because the program says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from aelus.domain.facts import (
    ARRAY,
    CAST,
    DEFINITION,
    FREE,
    FUNCTION_TYPE,
    GENERIC,
    IMPLICIT,
    INDEX,
    INSTANCE,
    LITERAL,
    LOCAL,
    MAPPING,
    MEMBER,
    RAISED,
    SEQUENCE,
    SUPER,
    TYPE_OF,
    UNION,
    UNKNOWN,
    Definition,
)
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import CLASS_KINDS, FUNCTION_FORMS, FUNCTION_KINDS, HELD, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.container_types import is_mapping_type
from aelus.domain.linking.types.containers import ANY_KEY, KEYS, Containers
from aelus.domain.linking.types.function_types import FunctionTypes
from aelus.domain.linking.types.generic_aliases import GenericAliases
from aelus.domain.linking.types.guards import is_guard, stays_declared
from aelus.domain.linking.types.initializers import Initializers
from aelus.domain.linking.types.positions import named_element
from aelus.domain.linking.types.projections import find_projections
from aelus.domain.linking.types.text_types import is_text
from aelus.domain.linking.values import (
    DEF,
    EXTERNAL,
    EXTERNAL_INSTANCE,
    FUNCTION_OF,
    GENERIC_OF,
    INSTANCE_OF,
    MASK,
    OBJECT,
    SHIFT,
    value,
)

ALIAS_DEPTH: Final = 8
GIVEN_LIMIT: Final = 8
"""Types that are followed into one type parameter."""
NESTED_LIMIT: Final = 64
"""Types inside each other, by their names too, that are followed."""
SINGLE: Final = 2
"""Parts of a generic type with one argument."""
POINTER: Final = "*"
"""Mark of a declaration beside its type."""
NO_NAMES: Final = frozenset[str]()
LITERAL_FORMS: Final = frozenset({SEQUENCE, MAPPING})
COMPOSED_FORMS: Final = frozenset({ARRAY, GENERIC, FUNCTION_TYPE})
BUILTIN_FORMS: Final = frozenset({FREE, IMPLICIT, LITERAL})
"""Expressions that may name a type which is known without import."""
VALUE_FORMS: Final = frozenset({MAPPING, TYPE_OF, HELD})


class Declarations:
    """Seeds the propagation with instances of declared types."""

    __deletable__ = ("substitute",)

    def __init__(self, program: Program, names: Names, propagation: Propagation, containers: Containers) -> None:
        self._program = program
        self._names = names
        self._propagation = propagation
        self._containers = containers
        self.given: dict[int, list[int]] = {}
        """Type parameter → types that are given for it anywhere."""
        self._held_given: set[tuple[int, int]] = set()
        """(type parameter, slot) that holds what is given for it: parameters may be given for each other in a circle."""
        self._held_aliases: dict[tuple[int, int], bool] = {}
        """(alias, slot) that holds what it stands for, and whether that is known."""
        self._nested = 0
        self._filled: dict[int, bool] = {}
        """Container types whose elements are held, and whether anything is known of these. A type may contain itself."""
        self._followed: frozenset[str] = frozenset(
            name for traits in program.languages for name in (*traits.followed_types, *traits.memberless_types)
        )
        self._incomplete: set[int] = set()
        """Those of them of whose elements only some have a type that is known."""
        self._functions = FunctionTypes(program, names)
        self.aliases = GenericAliases(program, names)
        self._held_functions: set[tuple[int, int]] = set()
        """(container type of functions, slot) that holds one of it."""
        self.projections = find_projections(program)
        """Type parameter → name behind it → what is said of that."""
        self.substitute: Callable[[int, Mapping[str, int], int], None] = _without
        """Gives a slot an instance of a type whose parameters stand for others."""
        self._replacing: set[int] = set()
        """Aliases whose parameters are being replaced: what they say of themselves is not followed."""
        self._numbers = _numbers(program)
        """By file, the names of types of numbers."""
        self._underlying: dict[int, int] = {}
        """Class → slot of the container or function type that it is, where it is one."""
        for definition, entry in enumerate(program.definitions):
            if entry.bases and entry.kind == "Struct" and self._is_strict(program.file_of_definition[definition]):
                written = program.first_slot[program.file_of_definition[definition]] + entry.bases[0]
                if program.forms[written] in COMPOSED_FORMS and not names.static(written):
                    self._underlying[definition] = written
            if entry.kind == "Interface" and entry.returns != UNKNOWN:
                written = program.first_slot[program.file_of_definition[definition]] + entry.returns
                if program.forms[written] == FUNCTION_TYPE:
                    self._underlying[definition] = written

    def _is_strict(self, file: int) -> bool:
        return self._program.traits[file].declared_types != "hint"

    def seed(self) -> None:
        """Go through all declared types; where the language is strict about them, nothing else flows in."""
        program = self._program
        self._find_given()
        for target, types in program.declared.items():
            for declared in types:
                if program.forms[target] in LITERAL_FORMS:
                    self._hold_elements_of(target, declared)
                    self._hold_keys(declared, value(OBJECT, target))
                else:
                    self._declare_variable(target, declared)
        self._seed_definitions()
        Initializers(program, self._names, self._propagation, self._containers).seed()
        for slot in program.by_form[INSTANCE]:
            if program.texts[slot] == RAISED or is_guard(program, slot) or stays_declared(program, self._names, slot):
                continue
            known = self.hold(program.part(slot), slot)
            if program.texts[slot] == CAST:
                self._let_through(slot, known=known)

    def _let_through(self, cast: int, *, known: bool) -> None:
        """What a value is taken for may say nothing of it: functions are what they are."""
        program = self._program
        source, functions = program.part(cast, 1), self._functions.are_of(program.part(cast))
        if known and functions:
            self._propagation.sealed.add(cast)
        if (not known and not is_text(program, self._names, program.part(cast))) or functions or program.forms[source] in FUNCTION_FORMS:
            self._propagation.copy(source, cast)

    def _seed_definitions(self) -> None:
        """What functions return, and what fields are."""
        program = self._program
        for definition, entry in enumerate(program.definitions):
            declared = program.first_slot[program.file_of_definition[definition]] + entry.returns
            if entry.returns != UNKNOWN and entry.kind != "TypeAlias" and not is_guard(program, declared):
                if entry.kind in FUNCTION_KINDS:
                    self.declare(program.return_slot(definition), declared)
                    if definition in program.yields and (element := named_element(program, declared)) >= 0:
                        self.hold(element, self._containers.field(value(OBJECT, program.yields[definition]), ANY_KEY))
                    if self._is_number(declared) and POINTER not in entry.signature.partition("(")[0]:
                        self._propagation.sealed.add(program.return_slot(definition))
                else:
                    self._declare_variable(program.slot_of_definition[definition], declared)

    def _find_given(self) -> None:
        """Templates are read once for all types that are given to them."""
        program = self._program
        for slot in program.by_form[GENERIC]:
            if not program.traits[program.file_of_slot(slot)].templates:
                continue
            for inner in self._names.static(slot):
                names = program.definitions[inner >> SHIFT].type_parameters if inner & MASK == DEF else ()
                for name, part in zip(names, program.parts[slot][1:], strict=False):
                    self.give(inner >> SHIFT, name, program.first_of_slot[slot] + part)

    def give(self, definition: int, name: str, argument: int) -> None:
        """A parameter of a template stands for a type."""
        program = self._program
        parameter = program.locals[program.file_of_definition[definition]].get((program.definitions[definition].body, name), -1)
        given = self.given.setdefault(parameter, [])
        if parameter < 0 or argument in given or len(given) >= GIVEN_LIMIT or program.texts[argument] == name:
            return
        given.append(argument)
        for inner in self._names.static(argument):
            self._propagation.add(parameter, inner)

    def declare(self, target: int, declared: int) -> None:
        """A slot holds an instance of a declared type; where the language is strict about them, nothing else."""
        known = self.hold(declared, target)
        if known and self._is_strict(self._program.file_of_slot(declared)) and not self._is_function(target):
            self._propagation.sealed.add(target)

    def _is_function(self, target: int) -> bool:
        """Whether a function is declared under the name, or one is written as its value, whatever its type is said to be."""
        program = self._program
        written = [program.definition_of(source) for source in program.sources.get(target, ()) if program.forms[source] == DEFINITION]
        return any(map(program.is_function, [*program.bound.get(target, ()), *written]))

    def make(self, callee: int, declared: int) -> None:
        """An instance of a type is made whose name is left out."""
        if self._program.forms[callee] == UNKNOWN and callee != self._program.first_of_slot[callee]:
            for inner in self._names.static(declared):
                self._propagation.add(callee, inner)

    def close(self, target: int, declared: int) -> None:
        """A slot that holds instances of a declared type holds nothing else, where the language is strict about types."""
        if self._propagation.held(target) and self._is_strict(self._program.file_of_slot(declared)):
            self._propagation.sealed.add(target)

    def _declare_variable(self, target: int, declared: int) -> None:
        """As `_declare`; a variable of a type that the program leaves open is no more than what all types are."""
        self.declare(target, declared)
        if self._is_open_type(declared) or (self._is_number(declared) and not self._points(target)):
            self._propagation.sealed.add(target)

    def _is_number(self, declared: int) -> bool:
        """Whether a type is that of numbers, which nothing of the program is, in a language that states pointers to them beside it."""
        program = self._program
        if program.forms[declared] not in (LITERAL, FREE):
            return False
        numbers = self._numbers[program.file_of_slot(declared)]
        return bool(numbers) and program.texts[declared] in numbers

    def _points(self, target: int) -> bool:
        forms, texts = self._program.forms, self._program.texts
        return any(forms[mark] == LITERAL and texts[mark] == POINTER for mark in self._program.declared.get(target, ()))

    def _hold_elements_of(self, literal: int, declared: int) -> None:
        """A literal of a container type: where the type of its elements is known, it is what they are."""
        program = self._program
        holder, element = value(OBJECT, literal), program.first_of_slot[declared] + program.parts[declared][-1]
        if self.hold(element, self._containers.field(holder, ANY_KEY)):
            self._close(holder)

    def _close(self, holder: int) -> None:
        """Nothing but instances of its declared type is in a container."""
        self._containers.uniform.add(holder)
        self._propagation.sealed.add(self._containers.field(holder, ANY_KEY))

    def hold(self, declared: int, target: int, depth: int = 0) -> bool:
        """Give `target` an instance of the declared type; false when the type is not known."""
        if self._nested == NESTED_LIMIT:
            return False
        self._nested += 1
        generic = self.aliases.of(declared)
        held = self._hold(declared if generic < 0 else generic, target, depth)
        self._nested -= 1
        return held

    def _hold(self, declared: int, target: int, depth: int) -> bool:
        program = self._program
        form, traits = program.forms[declared], program.traits[program.file_of_slot(declared)]
        if form in (UNION, SUPER):
            parts = self._alternatives(declared, form)
            held = [self.hold(part, target, depth) for part in parts]
            return any(held) and all(program.forms[part] != FUNCTION_TYPE for part in parts)
        if form == FUNCTION_TYPE and program.parts[declared][0]:
            self._propagation.declare(target, value(FUNCTION_OF, declared))
        elif form in VALUE_FORMS:
            return self._hold_value(declared, target, form)
        types = self._names.static(declared) or (self._builtin(declared) if form in BUILTIN_FORMS else ())
        if form == MEMBER and self._is_iterator(declared) and not any(inner & MASK == DEF for inner in types):
            return self.hold(program.part(declared), target, depth)
        if form == LOCAL:
            self._hold_bounds(declared, target, all_of_them=traits.generic_implementations or traits.functional_types)
        if declared in self.given:
            return self._hold_given(declared, target, depth)
        if not types and form == LOCAL and depth < ALIAS_DEPTH and (aliased := self._aliased(declared)):
            types, declared, form = self._names.static(aliased), aliased, INDEX
        replaced = form == GENERIC and self._hold_generic_aliases(types, declared, target)
        held = [self._hold_instance(inner, target) or self._hold_alias(inner, target, depth) for inner in types]
        own = [program.definitions[inner >> SHIFT] for inner in types if inner & MASK == DEF]
        if form == GENERIC and any(entry.type_parameters and entry.kind != "TypeAlias" for entry in own):
            self._propagation.declare(target, value(GENERIC_OF, declared))
        if form in (GENERIC, ARRAY, INDEX) and not any(entry.kind in CLASS_KINDS or self._is_generic_alias(entry) for entry in own):
            return self._hold_container(declared, target)
        return replaced or any(held)

    def _alternatives(self, declared: int, form: int) -> list[int]:
        """The types of a union, or those that the class extends around the word for its base."""
        if form == UNION:
            return [self._program.first_of_slot[declared] + part for part in self._program.parts[declared]]
        definition = self._program.definition_of(declared)
        first = self._program.first_slot[self._program.file_of_definition[definition]]
        return [first + base for base in self._program.definitions[definition].bases]

    def _is_generic_alias(self, entry: Definition) -> bool:
        return entry.kind == "TypeAlias" and bool(entry.type_parameters)

    def _hold_bounds(self, declared: int, target: int, *, all_of_them: bool) -> None:
        """What a type parameter is bound by that is no name: arrays, `typeof Base`, containers by generic interfaces from elsewhere."""
        program = self._program
        if declared in self.projections:
            self._propagation.declare(target, value(GENERIC_OF, declared))
        for bound in program.sources.get(declared, ()) if program.is_type_parameter(declared) else ():
            if (form := program.forms[bound]) == ARRAY:
                self._hold_container(bound, target)
            elif form == TYPE_OF:
                self._hold_value(bound, target, form)
            elif form == FUNCTION_TYPE and all_of_them:
                self._propagation.declare(target, value(FUNCTION_OF, bound))
            elif form != GENERIC or not all_of_them:
                continue
            elif any(inner & MASK == DEF for inner in self._names.static(bound)):
                self._propagation.declare(target, value(GENERIC_OF, bound))
            else:
                self._hold_container(bound, target)

    def functions_asked(self, parameter: int) -> list[int]:
        """Function types that a type parameter is bound by: `where F: Fn(Self::Item)`."""
        bounds = self._program.sources.get(parameter, ()) if self._program.is_type_parameter(parameter) else ()
        return [bound for bound in bounds if self._program.forms[bound] == FUNCTION_TYPE]

    def _hold_value(self, declared: int, target: int, form: int) -> bool:
        """Types that are no names: one of an object with members, that of a value, what is known of a type parameter."""
        if form == MAPPING:
            self._propagation.declare(target, value(OBJECT, declared))
            return False
        known = self._names.static(self._program.part(declared)) if form == TYPE_OF else ()
        for inner in known:
            self._propagation.declare(target, inner)
        if not known:
            self._propagation.connect(declared if form == HELD else self._program.part(declared), target)
        return bool(known)

    def _builtin(self, declared: int) -> tuple[int, ...]:
        """A type that is known without import."""
        file, name = self._program.file_of_slot(declared), self._program.texts[declared]
        return self._names.builtin(file, name).values if name in self._program.traits[file].builtin_types else ()

    def _hold_given(self, parameter: int, target: int, depth: int) -> bool:
        """A variable of a template's own may hold anything that it is given, and more."""
        if (parameter, target) not in self._held_given:
            self._held_given.add((parameter, target))
            for argument in self.given[parameter]:
                self.hold(argument, target, depth)
        return False

    def _is_iterator(self, declared: int) -> bool:
        return self._program.texts[declared] in self._program.traits[self._program.file_of_slot(declared)].iterators

    def _is_class_type(self, declared: int) -> bool:
        program = self._program
        words = program.traits[program.file_of_slot(declared)].class_types
        return bool(words) and len(program.parts[declared]) == SINGLE and program.texts[program.part(declared)] in words

    def _hold_class(self, declared: int, target: int) -> bool:
        """The class itself, where a type says so; which one a type parameter stands for, only the calls know."""
        types = () if self._program.is_type_parameter(declared) else self._names.static(declared)
        for inner in (classes := [each for each in types if each & MASK == DEF and self._program.is_class(each >> SHIFT)]):
            self._propagation.declare(target, inner)
        return bool(classes)

    def _aliased(self, declared: int) -> int:
        """`Names = list[Name]`: the only type that a variable stands for, or 0."""
        sources = self._program.sources.get(declared, ())
        return sources[0] if len(sources) == 1 and self._program.forms[sources[0]] == INDEX else 0

    def _hold_alias(self, inner: int, target: int, depth: int) -> bool:
        """An alias of a type that is no class of the program: a container, a union of such."""
        entry = self._program.definitions[inner >> SHIFT] if inner & MASK == DEF else None
        if entry is None or entry.kind != "TypeAlias" or entry.returns == UNKNOWN or depth > ALIAS_DEPTH:
            return False
        key = (inner >> SHIFT, target)
        known = self._held_aliases.get(key)
        if known is None:
            self._held_aliases[key] = False
            written = self._program.first_slot[self._program.file_of_definition[inner >> SHIFT]] + entry.returns
            known = self._held_aliases[key] = self.hold(written, target, depth + 1)
        return known

    def _hold_generic_aliases(self, types: Sequence[int], declared: int, target: int) -> bool:
        """`Maybe<Dog>`, where `type Maybe<T> = T | null`: what the alias says, with its parameters replaced; whether that is known."""
        program, before = self._program, len(self._propagation.sets[target] or ())
        for inner in types:
            entry = program.definitions[inner >> SHIFT] if inner & MASK == DEF else None
            if entry is not None and self._is_generic_alias(entry) and entry.returns != UNKNOWN and inner not in self._replacing:
                self._replacing.add(inner)
                given = [program.first_of_slot[declared] + part for part in program.parts[declared][1:]]
                written = program.first_slot[program.file_of_definition[inner >> SHIFT]] + entry.returns
                self.substitute(written, dict(zip(entry.type_parameters, given, strict=False)), target)
                self._replacing.discard(inner)
        return len(self._propagation.sets[target] or ()) > before

    def _hold_instance(self, inner: int, target: int) -> bool:
        tag, index = inner & MASK, inner >> SHIFT
        if tag == DEF and self._program.definitions[index].kind in CLASS_KINDS:
            return self.hold_class(index, target)
        if tag == EXTERNAL and self._names.externals.entries[index].qualified_name not in self._followed:
            self._propagation.declare(target, value(EXTERNAL_INSTANCE, index))
            return True
        return False

    def hold_class(self, definition: int, target: int) -> bool:
        """Give `target` an instance of a class, which may be a container or function at the same time; whether that is all it can be."""
        self._propagation.declare(target, value(INSTANCE_OF, definition))
        written = self._underlying.get(definition)
        return written is None or self.hold(written, target)

    def is_open(self, definition: int) -> bool:
        """Whether instances of the class are also what is converted to it: functions, and containers of anything."""
        written = self._underlying.get(definition)
        return written is not None and not self.hold(written, self._program.new_slot(UNKNOWN))

    def _hold_container(self, declared: int, target: int) -> bool:
        """A container of a type from elsewhere: its elements are instances of the last type argument."""
        if not self._program.parts[declared]:
            return False
        if self._is_class_type(declared):
            return self._hold_class(self._program.part(declared, 1), target)
        if self._is_plain(declared) and self._functions.are_in(declared):
            return self._hold_functions(declared, target)
        holder = value(OBJECT, declared)
        self._propagation.declare(target, holder)
        known = self._filled.get(declared)
        if known is None:
            self._filled[declared] = True
            known = self._filled[declared] = self._fill(declared)
        for source in self._program.sources.get(target, ()) if declared in self._incomplete else ():
            self._containers.merge(source, holder)
        return known

    def _hold_functions(self, declared: int, target: int) -> bool:
        """A container of functions, of which its type says nothing: each place has one of its own, and others reach it all the same."""
        program = self._program
        if (declared, target) not in self._held_functions:
            self._held_functions.add((declared, target))
            parts = tuple([program.first_of_slot[declared] + part for part in program.parts[declared]])
            holder = value(OBJECT, program.derived_slot(declared, program.forms[declared], program.texts[declared], parts))
            self._propagation.declare(target, holder)
            self._hold_keys(declared, holder)
            self.hold(parts[-1], self._containers.field(holder, ANY_KEY))
            self._propagation.containing[target] = holder
        return True

    def _is_plain(self, declared: int) -> bool:
        """Whether all elements of a container are of one type, its last argument."""
        program = self._program
        return len(program.parts[declared]) <= SINGLE or program.forms[declared] == ARRAY or is_mapping_type(self._program, declared)

    def _fill(self, declared: int) -> bool:
        program, holder = self._program, value(OBJECT, declared)
        first, parts = program.first_of_slot[declared], program.parts[declared]
        strict = self._is_strict(program.file_of_slot(declared))
        if len(parts) <= 1 or program.forms[declared] == ARRAY or is_mapping_type(self._program, declared):
            self._hold_keys(declared, holder)
            known = self.hold(first + parts[-1], self._containers.field(holder, ANY_KEY))
            if first + parts[-1] in self._incomplete:
                self._incomplete.add(declared)
            elif known and strict:
                self._close(holder)
            return known or self._is_open_type(first + parts[-1])
        keys = [ANY_KEY] if len(parts) == SINGLE else list(map(str, range(len(parts) - 1)))
        fields = [self._containers.field(holder, key) for key in keys]
        held = [self.hold(first + part, field) for field, part in zip(fields, parts[1:], strict=True)]
        open_parts = [first + part in self._incomplete or self._functions.are_of(first + part) for part in parts[1:]]
        whole = [known and not is_open for known, is_open in zip(held, open_parts, strict=True)]
        if strict and any(held):
            self._propagation.sealed.update(field for field, known in zip(fields, whole, strict=True) if known)
            if not all(whole):
                self._incomplete.add(declared)
        return any(held) or any(self._is_open_type(first + part) for part in parts[1:])

    def _hold_keys(self, declared: int, holder: int) -> None:
        """The keys of a mapping are instances of its first type argument."""
        program = self._program
        if program.traits[program.file_of_slot(declared)].keeps_keys and len(program.parts[declared]) > SINGLE:
            keys = self._containers.field(holder, KEYS)
            if self.hold(program.part(declared, 1), keys) and self._is_strict(program.file_of_slot(declared)):
                self._propagation.sealed.add(keys)

    def fill_class(self, declared: int, holder: int) -> None:
        """The elements and keys of a container whose class extends a generic type."""
        program = self._program
        if self._is_plain(declared):
            self._hold_keys(declared, holder)
            self.hold(program.first_of_slot[declared] + program.parts[declared][-1], self._containers.field(holder, ANY_KEY))

    def hold_elements(self, element: int, target: int) -> None:
        """Give `target` a container whose elements are instances of a type."""
        holder = value(OBJECT, self._program.derived_slot(element, SEQUENCE, "", ()))
        self._propagation.declare(target, holder)
        self.hold(element, self._containers.field(holder, ANY_KEY))

    def member_of(self, made: int, name: str) -> int:
        """The slot of a member of an object."""
        return self._containers.field(value(OBJECT, made), name)

    def maps_names(self, declared: int) -> bool:
        """Whether a type is one of objects all of whose members have one type, and whose keys say nothing."""
        keeps_keys = self._program.traits[self._program.file_of_slot(declared)].keeps_keys
        return not keeps_keys and is_mapping_type(self._program, declared)

    def _is_open_type(self, declared: int) -> bool:
        """Whether a type is `?` or a type parameter of which nothing is said: what it is is never known inside."""
        program = self._program
        if not program.traits[program.file_of_slot(declared)].top_type:
            return False
        form = program.forms[declared]
        return form == UNKNOWN or (form == LOCAL and declared not in program.bound and not self._names.static(declared))


def _numbers(program: Program) -> list[frozenset[str]]:
    """By file, the names of types of numbers in languages that state pointers beside a type."""
    spelt = {
        traits.name: frozenset((*traits.numbers, *(word for word, name in traits.spellings if name in traits.numbers)))
        for traits in program.languages
        if traits.pointers
    }
    return [spelt.get(traits.name, NO_NAMES) for traits in program.traits]


def _without(_declared: int, _arguments: Mapping[str, int], _target: int) -> None:
    """Before types with parameters are known."""
