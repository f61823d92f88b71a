"""What braces put into the fields of declared types.

`struct command table[] = {{"add", add}, {.run = remove}};` gives `run` both functions.
Source: ISO/IEC 9899, "Initialization": values without a designator are for the fields in their order, inner braces for fields that are
structures themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aelus.domain.facts import CONSTANT, GENERIC, MAPPING, NEW, SEQUENCE, UNION
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import IDLE_FORMS, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.container_types import is_mapping_type
from aelus.domain.linking.types.containers import ANY_KEY, Containers
from aelus.domain.linking.values import DEF, MASK, OBJECT, SHIFT, value

BRACES: Final = frozenset({SEQUENCE, MAPPING})
DEPTH: Final = 8
"""Braces inside each other whose fields are followed."""


class Initializers:
    """Lets the values in braces reach the fields that they are for."""

    def __init__(self, program: Program, names: Names, propagation: Propagation, containers: Containers) -> None:
        self._program = program
        self._containers = containers
        self._names = names
        self._propagation = propagation
        self._fields: dict[int, dict[str, int]] = {}
        """Type → name and slot of its fields, in their order."""
        self._constructed: set[int] = set()
        """Types with constructors, which take what stands in braces."""
        self._filled: set[tuple[int, int]] = set()
        """(type, braces) that are looked at."""
        for definition, entry in enumerate(program.definitions):
            parent = program.parent_of(definition)
            if parent < 0 or not program.traits[program.file_of_definition[definition]].pointers:
                continue
            if entry.kind == "Field" and "static" not in entry.modifiers:
                self._fields.setdefault(parent, {}).setdefault(entry.name, program.slot_of_definition[definition])
            elif entry.kind == "Constructor":
                self._constructed.add(parent)

    def seed(self) -> None:
        program = self._program
        pointing = any(traits.pointers for traits in program.languages)
        for target, types in program.declared.items() if pointing else ():
            listed = [braces for source in program.sources.get(target, ()) for braces in self._braces_in(source)]
            for owner in self._types(types) if listed else ():
                for braces in listed:
                    self._fill(owner, braces)
            for written in types if listed else ():
                if program.forms[written] == GENERIC and program.traits[program.file_of_slot(written)].templates:
                    self._fill_container(written, listed)
        for slot in program.by_form[NEW] if self._fields else ():
            if len(program.parts[slot]) > 1 and program.traits[program.file_of_slot(slot)].pointers:
                self._fill_made(slot)

    def _fill_container(self, declared: int, listed: Sequence[int]) -> None:
        """`std::map<K, V> m = {{a, b}}`, `std::vector<T> v{a, b}`: what stands in braces is in the container."""
        program, holder = self._program, value(OBJECT, declared)
        mapping = is_mapping_type(self._program, declared)
        for braces in listed:
            for place, part in enumerate(self._parts(braces) if program.forms[braces] == SEQUENCE else ()):
                row = self._parts(part) if mapping and program.forms[part] == SEQUENCE else []
                element = row[1] if len(row) > 1 else -1 if mapping else part
                if element >= 0 and program.forms[element] not in IDLE_FORMS:
                    self._propagation.copy(element, self._containers.field(holder, ANY_KEY if mapping else str(place)))

    def _fill_made(self, slot: int) -> None:
        """`(struct point){1, 2}`: the values in braces are for the fields of what is made."""
        parts = self._parts(slot)
        for owner in self._types(parts[:1]):
            if owner not in self._constructed and not self._are_rows(owner, parts[1:]):
                self._fill_places(owner, parts[1:], 0)

    def _types(self, declared: Sequence[int]) -> list[int]:
        found = (inner for written in declared for inner in self._names.static(written))
        return list(dict.fromkeys(inner >> SHIFT for inner in found if inner & MASK == DEF and inner >> SHIFT in self._fields))

    def _parts(self, slot: int) -> list[int]:
        first = self._program.first_of_slot[slot]
        return [first + part for part in self._program.parts[slot]]

    def _braces_in(self, source: int) -> list[int]:
        parts = self._parts(source) if self._program.forms[source] == UNION else [source]
        return [part for part in parts if self._program.forms[part] in BRACES]

    def _fill(self, owner: int, braces: int, depth: int = 0) -> None:
        """What stands in braces that a type is declared for, which may be those of an array of it."""
        parts = self._parts(braces)
        if depth > DEPTH or (owner, braces) in self._filled:
            return
        self._filled.add((owner, braces))
        if self._program.forms[braces] == MAPPING:
            self._fill_named(owner, parts, depth)
        elif owner in self._constructed or self._are_rows(owner, parts):
            for part in parts:
                if self._program.forms[part] in BRACES and owner not in self._constructed:
                    self._fill(owner, part, depth + 1)
        else:
            self._fill_places(owner, parts, depth)

    def _are_rows(self, owner: int, parts: Sequence[int]) -> bool:
        """Whether the parts are elements of an array: all of them are braces, which the first field does not take."""
        if not parts or any(self._program.forms[part] not in BRACES for part in parts):
            return False
        first = next(iter(self._fields[owner].values()))
        takes = self._types(self._program.declared.get(first, ()))
        return not takes or len(parts) > len(self._fields[owner])

    def _fill_places(self, owner: int, parts: Sequence[int], depth: int) -> None:
        for field, part in zip(self._fields[owner].values(), parts, strict=False):
            self._give(field, part, depth)

    def _fill_named(self, owner: int, parts: Sequence[int], depth: int) -> None:
        """Fields by their names, or elements of an array by their numbers."""
        fields = self._fields[owner]
        for key, part in zip(parts[::2], parts[1::2], strict=False):
            named = self._program.forms[key] == CONSTANT and self._program.texts[key] in fields
            if named:
                self._give(fields[self._program.texts[key]], part, depth)
            elif self._program.forms[part] in BRACES:
                self._fill(owner, part, depth + 1)

    def _give(self, field: int, part: int, depth: int) -> None:
        """A field is given a value, or what stands in braces for its type."""
        form = self._program.forms[part]
        if form in BRACES:
            for owner in self._types(self._program.declared.get(field, ())):
                self._fill(owner, part, depth + 1)
        if form not in IDLE_FORMS:
            self._propagation.copy(part, field)
