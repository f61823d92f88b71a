"""Types from elsewhere that classes of the program extend: a call of their methods may reach those of the classes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from aelus.domain.facts import FREE, GENERIC, IMPLICIT, MEMBER, UNION, UNKNOWN
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.graph.origins import Origins
from aelus.domain.linking.library_types import library_types
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import DEF, EXTERNAL, MASK, SHIFT

CLASSES: Final = frozenset({"Class", "Struct"})
BARE: Final = frozenset({FREE, IMPLICIT})
OVERRIDING: Final = frozenset({"override", "final"})
"""Words that say that a method stands for one of a base."""
DEPTH: Final = 6
"""Aliases, unions and generic types inside each other that are looked through."""
LIMIT: Final = 256
"""Classes of one type that are followed."""


class OutsideTypes:
    """Finds what may run in place of a method of a type from elsewhere."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, origins: Origins) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._origins = origins
        self._methods: dict[tuple[str, str], tuple[int, ...]] = {}
        self._written: dict[int, tuple[int, ...]] = {}
        """Class → types from elsewhere that itself names as its bases."""
        self._extending: dict[str, list[int]] = {}
        """Type from elsewhere → classes of the program that extend or implement it."""
        for definition in hierarchy.bases:
            if program.traits[program.file_of_definition[definition]].outside_dispatch and program.definitions[definition].kind in CLASSES:
                for base in self._with_ancestors(definition):
                    self._extending.setdefault(base, []).append(definition)
        owners = {owner for classes in self._extending.values() for definition in classes for owner in hierarchy.order(definition)}
        self.names = frozenset(name for owner in owners for name in names.class_members[owner] or ())
        """Names of the members that they have."""

    def _with_ancestors(self, definition: int) -> dict[str, None]:
        """Names of the types from elsewhere that a class extends, and of those that these are known to extend."""
        entries = self._names.externals.entries
        library = library_types(self._program.traits[self._program.file_of_definition[definition]].types)
        named = dict.fromkeys(entries[base >> SHIFT].qualified_name for base in self._bases(definition))
        return dict.fromkeys(outer for name in named for outer in (name, *library.ancestors(name)))

    def _bases(self, definition: int) -> dict[int, None]:
        found: dict[int, None] = {}
        for owner in self._hierarchy.order(definition):
            written = self._written.get(owner)
            if written is None:
                written = self._written[owner] = self._own_bases(owner)
            for base in written:
                found[base] = None
        return found

    def _own_bases(self, owner: int) -> tuple[int, ...]:
        entry, first = self._program.definitions[owner], self._program.first_slot[self._program.file_of_definition[owner]]
        return tuple(base for part in (*entry.bases, *entry.interfaces) for base in self._named(first + part))

    def _named(self, written: int, depth: int = 0) -> Iterable[int]:
        """Types from elsewhere that a written type stands for."""
        program, form = self._program, self._program.forms[written]
        if form == UNION and depth < DEPTH:
            return [inner for part in program.parts[written] for inner in self._named(program.first_of_slot[written] + part, depth + 1)]
        if form == GENERIC and depth < DEPTH:
            return self._named(program.part(written), depth + 1)
        found: Sequence[int] = self._names.static(written)
        if not found and form in BARE:
            found = self._builtin(written)
        if not found and form == MEMBER and depth < DEPTH:
            holder = program.part(written)
            holders = self._builtin(holder) if program.forms[holder] in BARE else self._named(holder, depth + 1)
            found = [inner for outer in holders for inner in self._names.member(outer, program.texts[written]).values]
        outside = [inner for inner in found if inner & MASK == EXTERNAL]
        for alias in self._aliased(found) if depth < DEPTH else ():
            outside.extend(self._named(alias, depth + 1))
        return outside

    def _builtin(self, written: int) -> tuple[int, ...]:
        return self._names.builtin(self._program.file_of_slot(written), self._program.texts[written]).values

    def _aliased(self, found: Iterable[int]) -> Iterator[int]:
        """What aliases among some types stand for."""
        program = self._program
        for inner in found:
            entry = program.definitions[inner >> SHIFT] if inner & MASK == DEF else None
            if entry is not None and entry.kind == "TypeAlias" and entry.returns != UNKNOWN:
                yield program.first_slot[program.file_of_definition[inner >> SHIFT]] + entry.returns

    def of_call(self, callee: int) -> dict[int, None]:
        """Methods that a call of a member may reach by the declared type of its receiver."""
        found: dict[int, None] = {}
        program = self._program
        if program.forms[callee] != MEMBER or program.texts[callee] not in self.names:
            return found
        for slot in self._origins.declaring(program.part(callee)):
            for written in program.declared.get(slot, ()):
                for outside in self._named(written):
                    name = self._names.externals.entries[outside >> SHIFT].qualified_name
                    found.update(dict.fromkeys(self._below(name, program.texts[callee])))
        return found

    def _below(self, outside: str, name: str) -> tuple[int, ...]:
        known = self._methods.get((outside, name))
        if known is None:
            below = self._extending.get(outside, ())[:LIMIT]
            found = dict.fromkeys(method for definition in below for method in self._hierarchy.methods(definition, name))
            known = self._methods[outside, name] = tuple([method for method in found if self._overrides(method, outside)])
        return known

    def _overrides(self, method: int, outside: str) -> bool:
        """Whether a method may stand for one of a type from elsewhere, where words or the library say what may be overridden."""
        entry, traits = self._program.definitions[method], self._program.traits[self._program.file_of_definition[method]]
        if not traits.virtual or any(modifier in OVERRIDING or modifier == traits.virtual for modifier in entry.modifiers):
            return True
        library = library_types(traits.types)
        return any((known := library.get(base)) is not None and entry.name in known.results for base in library.ancestors(outside))
