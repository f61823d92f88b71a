"""Interfaces and types from elsewhere: what the program implements for them, or by them.

A call of a method on a type parameter that is bound by an interface from elsewhere, or on a value of which only that is said, may run those
of the types that implement it; one of an interface of the program also those that it is implemented by for types from elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from aelus.domain.facts import DEFINITION, GENERIC, MEMBER, UNION
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.graph.given_bounds import given_in
from aelus.domain.linking.graph.implemented import Implemented
from aelus.domain.linking.graph.origins import Origins
from aelus.domain.linking.graph.type_arguments import TypeArguments
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.signatures import IMPLEMENTING
from aelus.domain.linking.types.contexts import RECEIVER
from aelus.domain.linking.values import DEF, EXTERNAL, MASK, SHIFT

DEPTH: Final = 6
"""Types that say of each other what they are."""
LIMIT: Final = 256
SINGLE: Final = 2
"""Parts of a generic type with one argument."""
NO_METHODS: Final[dict[str, list[int]]] = {}
"""Methods that one call is linked to."""


class OutsideInterfaces:
    """Finds what implements them by their names."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, origins: Origins, arguments: TypeArguments) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._origins = origins
        self._arguments = arguments
        self._implemented = Implemented(program)
        self._methods: dict[str, dict[str, list[int]]] = {}
        """Name of a method → name of an interface → what implements it."""
        for definition, entry in enumerate(program.definitions):
            for modifier in entry.modifiers:
                if modifier.startswith(IMPLEMENTING):
                    named = self._methods.setdefault(entry.name, {})
                    named.setdefault(modifier.removeprefix(IMPLEMENTING), []).append(definition)
        self._conversions = {traits.name: dict(traits.conversions) for traits in program.languages}
        converting = {name for known in self._conversions.values() for name, words in known.items() if RECEIVER in words.split()}
        self.names = frozenset(self._methods) | converting
        """Names of all of those methods."""
        traits = Counter(entry.name for entry in program.definitions if entry.kind == "Trait") if self._methods else Counter[str]()
        self._single = {name for name, count in traits.items() if count == 1}
        """Interfaces of the program that no other one shares its name with."""

    def of_call(self, callee: int, caller: int) -> Collection[int]:
        """Methods that a call of a member in `caller` may reach."""
        program = self._program
        if program.forms[callee] != MEMBER or program.texts[callee] not in self.names:
            return ()
        known, words = self._methods.get(program.texts[callee], NO_METHODS), self._words(callee)
        found: dict[int, None] = {}
        for slot in self._origins.declaring(program.part(callee)):
            for written in program.declared.get(slot, ()):
                for interface, said in self._interfaces(written, caller, DEPTH):
                    found.update(dict.fromkeys(self._fitting(said, known.get(interface, ()))))
                    found.update(dict.fromkeys(self._converting(said, words) if words else ()))
        return found if len(found) <= LIMIT else ()

    def for_types_from_elsewhere(self, interface: int, name: str) -> list[int]:
        """Methods that implement one of an interface of the program for types that are none of its classes."""
        entry = self._program.definitions[interface]
        known = self._methods.get(name, {}).get(entry.name, ()) if entry.name in self._single else ()
        return [method for method in known if method not in self._hierarchy.owner]

    def _words(self, callee: int) -> list[str]:
        """What a call converts its receiver by: the method of the type that it makes, and words about it."""
        words = (
            self._conversions[self._program.traits[self._program.file_of_slot(callee)].name].get(self._program.texts[callee], "").split()
        )
        return words if RECEIVER in words else []

    def _converting(self, said: int, words: list[str]) -> Iterator[int]:
        """The methods of the only type argument of an interface that may convert what implements this: those of `Name` for `Into<Name>`."""
        program = self._program
        for inner in (
            self._names.static(program.part(said, 1)) if program.forms[said] == GENERIC and len(program.parts[said]) == SINGLE else ()
        ):
            if inner & MASK == DEF and program.is_class(inner >> SHIFT):
                yield from self._hierarchy.methods(inner >> SHIFT, words[0])

    def _fitting(self, said: int, methods: Collection[int]) -> Collection[int]:
        """Those methods that may be of an interface with the type arguments that are said of the receiver."""
        if self._program.forms[said] != GENERIC:
            return methods
        return [method for method in methods if not self._arguments.are_apart(said, self._implemented.by(method))]

    def _interfaces(self, written: int, caller: int, depth: int) -> Iterator[tuple[str, int]]:
        """Names of interfaces from elsewhere that are all that a type says, and where it says so, with their type arguments."""
        program, form = self._program, self._program.forms[written]
        if depth <= 0:
            return
        if form == GENERIC:
            yield from ((name, written) for name, _ in self._interfaces(program.part(written), caller, depth - 1))
            return
        if form == UNION:
            parts: Iterable[int] = [program.first_of_slot[written] + part for part in program.parts[written]]
        elif program.is_type_parameter(written):
            parts = program.sources.get(written) or given_in(program, self._hierarchy, written, caller)
        else:
            static = self._names.static(written)
            parts = [base for inner in static if inner & MASK == DEF for base in self._bases(inner >> SHIFT)]
            if not any(inner & MASK == DEF for inner in static) and form != DEFINITION:
                yield from ((name, written) for name in self._outside(written, static))
        for part in parts:
            yield from self._interfaces(part, caller, depth - 1)

    def _outside(self, written: int, static: Iterable[int]) -> Iterator[str]:
        names = [self._names.externals.entries[i >> SHIFT].qualified_name.rpartition(".")[2] for i in static if i & MASK == EXTERNAL]
        yield from names or [self._program.texts[written]]

    def _bases(self, definition: int) -> list[int]:
        """What an interface of the program extends; a class is what it is."""
        entry, first = self._program.definitions[definition], self._program.first_slot[self._program.file_of_definition[definition]]
        return [first + base for base in entry.bases] if entry.kind == "Trait" else []
