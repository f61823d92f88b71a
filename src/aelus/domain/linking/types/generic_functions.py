"""Functions with implementations for several types of their first argument, as the library of a language makes them.

`@show.register(int)` gives `show` another implementation, so that its name stands for all of them. Which one a call runs is known where
the text says of what class the argument is; elsewhere it may be any.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from aelus.domain.facts import CALL, CONSTANT, DECORATED, FREE, ITERATE, LITERAL, LOCAL, MAPPING, MEMBER, SEQUENCE, UNION, UNKNOWN
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.library import tables as library
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import DEF, EXTERNAL, MASK, SHIFT, value

DEPTH: Final = 4
"""Variables and alternatives behind one another that an argument is followed through."""
SOURCES: Final = 8
IMPLEMENTATIONS: Final = 64
"""Of functions with more, any implementation may run."""
LITERALS: Final = {SEQUENCE: ("list", "tuple", "set"), MAPPING: ("dict",)}
"""What literals of containers may be of."""
ITSELF: Final = library.Path("self", ())


class GenericFunctions:
    """Knows the implementations, and which of them a call can run."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._parameters: frozenset[int] | None = None
        self._group: dict[int, int] = {}
        """Implementation, or the function itself → the function."""
        self._implementations: dict[int, dict[int, int]] = {}
        """Function → class or external symbol (a value) → its implementation."""
        self._generic: frozenset[int] = frozenset()
        self._tables = {traits.name: library.tables(traits.library) for traits in program.languages}
        self._types: dict[tuple[int, int], frozenset[int] | None] = {}
        if any(effect.verb == "generic" for table in self._tables.values() for known in table.functions.values() for effect in known):
            self._generic = frozenset(d for d, entry in enumerate(program.definitions) if entry.decorators and self._is_generic(d))
            if self._generic:
                self._find()

    def may_run(self, slot: int, definition: int) -> bool:
        """Whether a call can run an implementation."""
        function = self._group.get(definition, -1)
        if function < 0 or self._program.forms[slot] != CALL or len(self._program.parts[slot]) < 2:  # noqa: PLR2004 - callee, argument
            return True
        types = self._types_of(self._program.part(slot, 1), DEPTH)
        return types is None or any(definition in self._chosen(function, each) for each in types)

    # --- implementations ----------------------------------------------------------------------------------------------------------------

    def _find(self) -> None:
        program = self._program
        found: dict[int, dict[int, int]] = {}
        for slot in program.by_form[DECORATED]:
            inner = program.part(slot, 1)
            while program.forms[inner] == DECORATED:
                inner = program.part(inner, 1)
            self._note(program.part(slot), -1, program.definition_of(inner), found)
        for slot in program.by_form[CALL]:
            if len(program.parts[slot]) == 3 and program.forms[program.part(slot)] == MEMBER:  # noqa: PLR2004 - register(type, function)
                given = self._names.static(program.part(slot, 2))
                if len(given) == 1 and given[0] & MASK == DEF:
                    self._note(program.part(slot), program.part(slot, 1), given[0] >> SHIFT, found)
        for function, implementations in found.items():
            if len(implementations) <= IMPLEMENTATIONS:
                self._implementations[function] = implementations
                self._group.update(dict.fromkeys((function, *implementations.values()), function))

    def _note(self, registering: int, declared: int, definition: int, found: dict[int, dict[int, int]]) -> None:
        """An implementation that is given to something, with the type that is given with it (-1 for none)."""
        program = self._program
        if program.forms[registering] == CALL and declared < 0 and len(program.parts[registering]) > 1:
            registering, declared = program.part(registering), program.part(registering, 1)
        function = self._function(registering) if program.forms[registering] == MEMBER and program.is_function(definition) else -1
        if function < 0:
            return
        entry, first = program.definitions[definition], program.first_slot[program.file_of_definition[definition]]
        annotated = next((first + parameter.type for parameter in entry.parameters if parameter.type != UNKNOWN), -1)
        for each in self._classes(declared if declared >= 0 else annotated):
            found.setdefault(function, {})[each] = definition

    def _function(self, member: int) -> int:
        """The function that implementations are given to by a member; -1 for other members."""
        program = self._program
        table = self._tables[program.traits[program.file_of_slot(member)].name]
        if not any(effect.target == ITSELF for effect in table.function_methods.get(program.texts[member], ())):
            return -1
        bound = program.bound.get(program.variable_of(program.part(member)), ()) if program.forms[program.part(member)] == LOCAL else ()
        named = [inner >> SHIFT for inner in self._names.static(program.part(member)) if inner & MASK == DEF]
        return next((function for function in (*bound, *named) if function in self._generic), -1)

    def _is_generic(self, definition: int) -> bool:
        program, file = self._program, self._program.file_of_definition[definition]
        functions = self._tables[program.traits[file].name].functions
        for decorator in program.definitions[definition].decorators:
            for inner in self._names.static(program.first_slot[file] + decorator):
                known = functions.get(self._names.externals.entries[inner >> SHIFT].qualified_name, ()) if inner & MASK == EXTERNAL else ()
                if any(effect.verb == "generic" for effect in known):
                    return True
        return False

    def _classes(self, declared: int) -> Sequence[int]:
        """Classes that a type names, those of the library among them."""
        program = self._program
        if declared < 0:
            return ()
        if program.forms[declared] == UNION:
            return [inner for part in program.parts[declared] for inner in self._classes(program.first_of_slot[declared] + part)]
        outer = (
            self._names.builtin(program.file_of_slot(declared), program.texts[declared]).values if program.forms[declared] == FREE else ()
        )
        return [inner for inner in (*self._names.static(declared), *outer) if inner & MASK in (DEF, EXTERNAL)]

    # --- calls --------------------------------------------------------------------------------------------------------------------------

    def _types_of(self, slot: int, depth: int) -> frozenset[int] | None:
        """Classes (values) one of which an argument is of for certain; None where the text does not say it."""
        if (slot, depth) not in self._types:
            self._types[slot, depth] = self._find_types(slot, depth)
        return self._types[slot, depth]

    def _find_types(self, slot: int, depth: int) -> frozenset[int] | None:
        program, form = self._program, self._program.forms[slot]
        if form in (CONSTANT, LITERAL):
            return frozenset(self._builtin(slot, program.texts[slot] if form == LITERAL else self._type_of_constant(slot))) or None
        if form in LITERALS:
            return frozenset(inner for name in LITERALS[form] for inner in self._builtin(slot, name)) or None
        if form == CALL:
            static = self._names.static(program.part(slot))
            made = len(static) == 1 and static[0] & MASK == DEF and program.is_class(static[0] >> SHIFT)
            return frozenset(static) if made and static[0] >> SHIFT not in program.decorated else None
        sources: Iterable[int] = ()
        if form == UNION:
            sources = [program.first_of_slot[slot] + part for part in program.parts[slot]]
        elif form == ITERATE and program.forms[program.part(slot)] == SEQUENCE:
            inner = program.part(slot)
            sources = [program.first_of_slot[inner] + part for part in program.parts[inner]]
        elif form == LOCAL and program.variable_of(slot) not in self._own_parameters:
            sources = program.sources.get(slot, ())
        found = [self._types_of(source, depth - 1) for source in list(sources)[: SOURCES + 1]] if depth else []
        known = [types for types in found if types is not None]
        return frozenset().union(*known) if known and len(known) == len(found) <= SOURCES else None

    def _type_of_constant(self, slot: int) -> str:
        traits, text = self._program.traits[self._program.file_of_slot(slot)], self._program.texts[slot]
        return traits.number_type if text.removeprefix("-").isdigit() else traits.text_type

    @property
    def _own_parameters(self) -> frozenset[int]:
        if self._parameters is None:
            program = self._program
            self._parameters = frozenset(
                program.first_slot[program.file_of_definition[definition]] + parameter.variable
                for definition, entry in enumerate(program.definitions)
                for parameter in entry.parameters
            )
        return self._parameters

    def _builtin(self, slot: int, name: str) -> Sequence[int]:
        return self._names.builtin(self._program.file_of_slot(slot), name).values

    def _chosen(self, function: int, given: int) -> Sequence[int]:
        """Implementations that an argument of a class may run: the nearest one, and those for classes that may stand between."""
        known = self._implementations[function]
        order = [value(DEF, owner) for owner in self._hierarchy.order(given >> SHIFT)] if given & MASK == DEF else [given]
        nearest = next((known[owner] for owner in order if owner in known), -1)
        if nearest >= 0:
            return (nearest,)
        package = self._program.traits[self._program.file_of_definition[function]].builtins_package
        bases = self._hierarchy.external_bases_of(given >> SHIFT) if given & MASK == DEF else ()
        entries = self._names.externals.entries
        outside = [known[each] for each in known if each & MASK == EXTERNAL and (bases or entries[each >> SHIFT].package != package)]
        return (*outside, function)
