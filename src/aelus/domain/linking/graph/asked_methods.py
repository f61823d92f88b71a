"""Methods that code from elsewhere asks for, in languages where a type implements an interface by having its methods.

A call of an interface's method may run that of any type of the program which has all of them; a function that takes an interface may run
those of what it is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from aelus.domain.facts import MEMBER, SPREAD
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.library_types import FUNCTION, LibraryTypes, library_types
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import INSTANCE_OF, MASK, SHIFT

TYPE_LIMIT: Final = 64
"""Types that have what is asked for up to which a call is linked to theirs; where there are more, it may be anything."""


class AskedMethods:
    """Finds them by what the library is known to ask for."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, flow: ValueFlow) -> None:
        self._program = program
        self._entries = names.externals.entries
        self._hierarchy = hierarchy
        self._flow = flow
        self._types: list[LibraryTypes | None] = [
            library_types(traits.types) if traits.structural_interfaces else None for traits in program.traits
        ]
        self.any = any(types is not None for types in self._types)
        """Whether the program has such a language."""
        self._having: dict[str, tuple[int, ...]] = {}
        self._embedded: dict[tuple[int, str], tuple[int, ...]] = {}
        self._methods: dict[tuple[int, tuple[str, ...]], tuple[int, ...]] = {}

    def of_member(self, slot: int, callee: int, external: int) -> tuple[int, ...]:
        """What may run where a call names a member of a type from elsewhere."""
        types = self._types[self._program.file_of_slot(slot)]
        if types is None or self._program.forms[callee] != MEMBER:
            return ()
        owner, _, name = self._entries[external].qualified_name.rpartition(".")
        having = self._types_having(types, owner)
        return tuple(dict.fromkeys(method for definition in having for method in self._hierarchy.methods(definition, name)))

    def of_embedded(self, callee: int) -> dict[int, None]:
        """What may run where a call names a member that a type of the program has from an interface from elsewhere."""
        found: dict[int, None] = {}
        types = self._types[self._program.file_of_slot(callee)]
        if types is None or self._program.forms[callee] != MEMBER:
            return found
        name = self._program.texts[callee]
        for definition in self._classes_of(self._program.part(callee)):
            if not self._hierarchy.methods(definition, name):
                key = (definition, name)
                known = self._embedded.get(key)
                if known is None:
                    known = self._embedded[key] = self._from_embedded(types, definition, name)
                found.update(dict.fromkeys(known))
        return found

    def _from_embedded(self, types: LibraryTypes, definition: int, name: str) -> tuple[int, ...]:
        embedded = [self._entries[base].qualified_name for base in self._hierarchy.external_bases_of(definition)]
        asking = [owner for owner in embedded if (known := types.get(owner)) is not None and name in known.signatures]
        if not asking:
            return ()
        is_interface = self._program.definitions[definition].kind == "Interface"
        having = self._implementing(definition) if is_interface else self._types_having(types, asking[0])
        return tuple(dict.fromkeys(method for one in having for method in self._hierarchy.methods(one, name)))

    def of_given(self, slot: int, external: int) -> dict[int, None]:
        """What may run of the arguments of a function from elsewhere."""
        found: dict[int, None] = {}
        types = self._types[self._program.file_of_slot(slot)]
        known = types.get(self._entries[external].qualified_name) if types is not None else None
        if types is None or known is None:
            return found
        arguments = self._program.parts[slot][1:]
        for position, onward, wanted in known.taken:
            for part in () if FUNCTION in wanted else arguments[position:] if onward else arguments[position : position + 1]:
                for definition in self._classes_of(self._program.first_of_slot[slot] + part):
                    found.update(dict.fromkeys(self._asked_of(types, definition, wanted)))
        return found

    def _classes_of(self, argument: int) -> Iterator[int]:
        """Types of the program that an argument may have."""
        if self._program.forms[argument] == SPREAD or self._flow.is_saturated(argument):
            return
        for inner in self._flow.values(argument):
            if inner & MASK == INSTANCE_OF and self._program.is_class(inner >> SHIFT):
                yield inner >> SHIFT

    def _asked_of(self, types: LibraryTypes, definition: int, wanted: tuple[str, ...]) -> tuple[int, ...]:
        """The methods of a type that the first interface it implements asks for; of an interface, those of all types that implement it."""
        known = self._methods.get((definition, wanted))
        if known is None:
            found = (method for one in self._implementing(definition) for method in self._first_asked(types, one, wanted))
            known = self._methods[definition, wanted] = tuple(dict.fromkeys(found))
        return known

    def _implementing(self, definition: int) -> Iterable[int]:
        if self._program.definitions[definition].kind != "Interface":
            return (definition,)
        found = self._hierarchy.descendants(definition, TYPE_LIMIT + 1)
        return found if len(found) <= TYPE_LIMIT else ()

    def _first_asked(self, types: LibraryTypes, definition: int, wanted: tuple[str, ...]) -> Iterator[int]:
        for name in wanted:
            asked = types.get(name)
            if asked is not None and self._hierarchy.structures.has(definition, asked.signatures):
                for method in asked.signatures:
                    yield from self._hierarchy.methods(definition, method)
                return

    def _types_having(self, types: LibraryTypes, owner: str) -> tuple[int, ...]:
        """Types that have all methods of an interface from elsewhere; none where these are too many."""
        known = self._having.get(owner)
        if known is None:
            asked = types.get(owner)
            found = self._hierarchy.structures.having(asked.signatures) if asked is not None else []
            known = self._having[owner] = tuple(found) if len(found) <= TYPE_LIMIT else ()
        return known
