"""What is known of the libraries of a program's languages: which methods there are, what extends what, what calls do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from aelus.domain.facts import GENERIC, MAPPING
from aelus.domain.linking.library import tables as library
from aelus.domain.linking.library.builtin_calls import calls_with, find_members_named
from aelus.domain.linking.library.called_variables import find_called
from aelus.domain.linking.library.tables import NAMESPACE, Effect, Tables
from aelus.domain.linking.library_types import COUNTED, FUNCTION, UNSTABLE, LibraryTypes, library_types
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import BOUND, DEF, EXTERNAL, LIBRARY_METHOD, MASK, OBJECT, PARTIAL, SHIFT

NOTHING: Final[Mapping[str, Sequence[Effect]]] = {}
TABLES: Final = Tables._fields[1:-1]
"""Those of methods."""
ARRAY: Final = "[]"
"""Name of what is known of arrays."""


class KnownFunction(NamedTuple):
    """What calls of an external symbol do."""

    effects: Sequence[Effect]
    called: tuple[int, ...]
    """Numbers of the arguments that it calls, where that is all that is known of them."""
    result: str
    """The library's type of which it returns an instance; empty when it is not known."""
    is_class: bool
    """Whether it is a class, by its name, and no maker of containers whose elements are their members."""


class LibraryKnowledge:
    """Answers by the tables and types that the rooms state, each file by its own language."""

    def __init__(self, program: Program, names: Names) -> None:
        self._program = program
        self._names = names
        self._externals = names.externals
        self._types: list[LibraryTypes] = [library_types(traits.types) for traits in program.traits]
        self._tables: list[Tables] = [library.tables(traits.library) for traits in program.traits]
        tables = [getattr(entry, field) for entry in {id(t): t for t in self._tables}.values() for field in TABLES]
        self.method_names: frozenset[str] = frozenset(name for table in tables for name in table)
        """Of everything that a library has methods for."""
        self._value_methods: frozenset[str] = frozenset(name for entry in self._tables for name in entry.value_methods)
        self._class_methods: frozenset[str] = frozenset(name for entry in self._tables for name in entry.class_methods)
        self._defined: frozenset[str] = frozenset(entry.name for entry in program.definitions)
        self._idle: dict[int, bool] = {}
        functions: dict[str, dict[int, KnownFunction]] = {traits.name: {} for traits in program.languages}
        self._functions = [functions[traits.name] for traits in program.traits]
        self._called: set[int] | None = None
        self._members_named: Mapping[int, list[tuple[int, int]]] | None = None
        self.makes_accessors: bool = calls_with(program, self._tables, "accessor")
        """Whether the program makes members that run functions, by calls."""

    # --- methods ------------------------------------------------------------------------------------------------------------------------

    def has_value_method(self, name: str) -> bool:
        """Whether some library has a method of this name for values of any class."""
        return name in self._value_methods

    def has_class_method(self, name: str) -> bool:
        """Whether some library has a method of this name for any class as such."""
        return name in self._class_methods

    def is_function_method(self, slot: int, name: str) -> bool:
        """Whether the library has a method of this name for functions as such."""
        return name in self._tables[self._program.file_of_slot(slot)].function_methods

    def has_array_method(self, definition: int, name: str) -> bool:
        """Whether arrays of the language of a definition are known to have a method."""
        array = self._library_of(definition).get(ARRAY)
        return array is not None and name in array.results

    def is_of_arrays(self, definition: int, external: int) -> bool:
        """Whether arrays are of a type of the library."""
        return self._externals.entries[external].qualified_name in self._library_of(definition).ancestors(ARRAY)

    def lacks(self, slot: int, external: int) -> bool:
        """Whether the library is known not to have a method."""
        return self._types[self._program.file_of_slot(slot)].lacks(self._externals.entries[external].qualified_name)

    def is_open(self, file: int, external: int) -> bool:
        """Whether what a member of a type of the library is depends on type arguments."""
        return self._types[file].is_open(self._externals.entries[external].qualified_name)

    def has(self, definition: int, external: int, name: str) -> bool:
        """Whether a type of the library is known to have a method."""
        method = f"{self._externals.entries[external].qualified_name}.{name}"
        return self.knows(definition, external) and not self._library_of(definition).lacks(method)

    def may_have(self, definition: int, external: int, name: str) -> bool:
        """Whether a type from elsewhere has a method, or the library is not known to say."""
        return not self._library_of(definition).lacks(f"{self._externals.entries[external].qualified_name}.{name}")

    # --- types --------------------------------------------------------------------------------------------------------------------------

    def knows(self, definition: int, external: int) -> bool:
        """Whether the library that a definition's language has says what a type is."""
        return bool(self._library_of(definition).ancestors(self._externals.entries[external].qualified_name))

    def extends(self, definition: int, external: int, base: int) -> bool:
        """Whether a type of the library is another one, or is known to extend it."""
        name = self._externals.entries[base].qualified_name
        return external == base or name in self._library_of(definition).ancestors(self._externals.entries[external].qualified_name)

    def ancestors(self, definition: int, name: str) -> Iterable[str]:
        """A type of the library and all that it is known to extend; nothing where it is not known."""
        return self._library_of(definition).ancestors(name)

    def top(self, definition: int) -> int:
        """The external type that all others extend, or -1."""
        traits = self._program.traits[self._program.file_of_definition[definition]]
        if not traits.top_type or not traits.types:
            return -1
        return self._externals.builtin(traits.builtins_package, dict(traits.type_words).get(traits.top_type, traits.top_type))

    def attribute(self, file: int, external: int) -> str:
        """The library's type of what a member of an instance holds; empty when it is not known."""
        return self._tables[file].attributes.get(self._externals.entries[external].qualified_name, "")

    def asked_method(self, slot: int, inner: int) -> str:
        """The only method that a type of the library asks for; empty when there is none."""
        program, index = self._program, inner >> SHIFT
        if inner & MASK == OBJECT:
            found = (i >> SHIFT for i in self._names.static(index) if i & MASK == EXTERNAL)
            index = next(found, -1)
        known = self._types[program.file_of_slot(slot)].get(self._externals.entries[index].qualified_name) if index >= 0 else None
        return known.asked if known is not None else ""

    def asked_by(self, definition: int, external: int) -> str:
        """As `asked_method`, for a base of a class."""
        known = self._library_of(definition).get(self._externals.entries[external].qualified_name)
        return known.asked if known is not None else ""

    def returns_argument(self, slot: int, external: int) -> bool:
        """Whether the only method that a type asks for returns one of its type arguments."""
        known = self._types[self._program.file_of_slot(slot)].get(self._externals.entries[external].qualified_name)
        if known is None or not known.asked:
            return False
        return known.parameters == COUNTED["arguments-1"] or known.results.get(known.asked, "") == UNSTABLE

    def _library_of(self, definition: int) -> LibraryTypes:
        return self._types[self._program.file_of_definition[definition]]

    # --- what calls do ------------------------------------------------------------------------------------------------------------------

    def function(self, file: int, external: int) -> KnownFunction:
        """What calls of an external symbol do, in the language of a file."""
        known = self._functions[file].get(external)
        if known is None:
            known = self._functions[file][external] = self._find_function(file, external)
        return known

    def _find_function(self, file: int, external: int) -> KnownFunction:
        _, symbol, name = self._externals.entries[external]
        effects, types = self.function_effects(file, name), self._types[file]
        taken = known.taken if not effects and (known := types.get(name)) is not None else ()
        called = tuple(argument.position for argument in taken if FUNCTION in argument.types)
        result, simple = self._qualified(file, types.result(name)), symbol.rpartition(".")[2]
        is_class = self._program.traits[file].upper_case_classes and simple[:1].isupper() and not simple.isupper()
        makes_space = any(effect.source.root == NAMESPACE for effect in effects)
        return KnownFunction(effects, called, result, is_class and not makes_space)

    def _qualified(self, file: int, result: str) -> str:
        """The qualified name of a type whose instances have members: none for arrays, and for words that stand for no type."""
        traits = self._program.traits[file]
        word = dict(traits.type_words).get(result, "")
        if word:
            return f"{traits.builtins_package}.{word}"
        return result if "." in result and not result.endswith("]") else ""

    def function_effects(self, file: int, name: str) -> Sequence[Effect]:
        """What a call of a function does, by its qualified name."""
        return self._tables[file].functions.get(name, ())

    def knows_function(self, file: int, name: str) -> bool:
        """Whether it is said what a function of the library does, by its qualified name: of itself, or of all that something has."""
        functions, owner = self._tables[file].functions, name
        while owner and f"{owner}.*" not in functions:
            owner = owner.rpartition(".")[0]
        return bool(owner) or name in functions

    def method_effects(self, slot: int, holder: int, name: str) -> Sequence[Effect]:
        """What the method of a value does; nothing when the library has no such method."""
        tables, tag = self._tables[self._program.file_of_slot(slot)], holder & MASK
        if tag == OBJECT:
            form = self._program.forms[holder >> SHIFT]
            effects = (tables.mapping_methods if form == MAPPING else tables.methods).get(name, ())
            typed = tables.typed_methods.get(name) if form == GENERIC else None
            return effects if typed is None else (*effects, *typed.get(self._program.texts[self._program.part(holder >> SHIFT)], ()))
        if tag == DEF and self._program.is_class(holder >> SHIFT):
            effects = tables.enum_methods.get(name, ())
            return effects or tables.class_methods.get(name, ())
        if tag in (DEF, BOUND, LIBRARY_METHOD, PARTIAL) and name in tables.function_methods:
            return tables.function_methods[name]
        return tables.value_methods.get(name, ())

    def effects_on_any(self, slot: int, name: str) -> Sequence[Effect]:
        """What a method does that any value has."""
        return self._tables[self._program.file_of_slot(slot)].value_methods.get(name, ())

    def property_effects(self, slot: int, holder: int, name: str) -> Sequence[Effect]:
        """What reading a member of a container, or of an enum as such, does; nothing when the library has no such member."""
        tables, tag = self._tables[self._program.file_of_slot(slot)], holder & MASK
        return (tables.properties if tag == OBJECT else tables.enum_properties if tag == DEF else NOTHING).get(name, ())

    def is_idle(self, effect: Effect) -> bool:
        """Whether an effect calls a method for the language's own use that neither the program nor the library has."""
        known = self._idle.get(id(effect))
        if known is None:
            name = effect.source.steps[-1] if effect.verb in ("call", "send") and effect.source.steps else ""
            names = name.removeprefix(".").split("|") if name.startswith(".") else []
            shared = self.method_names if effect.verb == "call" else frozenset[str]()
            known = self._idle[id(effect)] = bool(names) and not any(
                "@" in each or each in shared or each in self._defined for each in names
            )
        return known

    @property
    def called_variables(self) -> set[int]:
        """Variables that are called, or given to functions of the library which call them, where constants may name functions."""
        if self._called is None:
            self._called = set(find_called(self._program, self._tables))
        return self._called

    @property
    def named_members(self) -> Mapping[int, list[tuple[int, int]]]:
        """Argument that names a member → (call, object) of the calls that it is given to."""
        if self._members_named is None:
            self._members_named = find_members_named(self._program, self._tables)
        return self._members_named
