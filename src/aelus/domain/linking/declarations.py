"""Declared types: what a variable, field, parameter or result holds because the program says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aelus.domain.facts import ARRAY, GENERIC, INSTANCE, SEQUENCE, UNION, UNKNOWN
from aelus.domain.linking.containers import ANY_KEY, Containers
from aelus.domain.linking.names import Names
from aelus.domain.linking.program import CLASS_KINDS, FUNCTION_KINDS, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.values import DEF, EXTERNAL, EXTERNAL_INSTANCE, GENERIC_OF, INSTANCE_OF, MASK, OBJECT, SHIFT, value

ALIAS_DEPTH: Final = 8
SINGLE: Final = 2
"""Parts of a generic type with one argument."""


class Declarations:
    """Seeds the propagation with instances of declared types."""

    def __init__(self, program: Program, names: Names, propagation: Propagation, containers: Containers) -> None:
        self._program = program
        self._names = names
        self._propagation = propagation
        self._containers = containers
        self._filled: dict[int, bool] = {}
        """Container types whose elements are held, and whether anything is known of these. A type may contain itself."""

    def seed(self) -> None:
        """Go through all declared types; where the language is strict about them, nothing else flows in."""
        program = self._program
        for target, types in program.declared.items():
            for declared in types:
                self._declare(target, declared)
        for definition, entry in enumerate(program.definitions):
            if entry.returns != UNKNOWN and entry.kind != "TypeAlias":
                declared = program.first_slot[program.file_of_definition[definition]] + entry.returns
                is_function = entry.kind in FUNCTION_KINDS
                self._declare(program.return_slot(definition) if is_function else program.slot_of_definition[definition], declared)
        self._seed_positions()
        for slot in program.by_form[INSTANCE]:
            self.hold(program.part(slot), slot)

    def _seed_positions(self) -> None:
        """`struct command table[] = {{"add", add}, …}`: elements by position are the fields of the declared type."""
        program = self._program
        fields: dict[int, list[int]] = {}
        for definition, entry in enumerate(program.definitions):
            parent = program.parent_of(definition)
            if entry.kind == "Field" and parent >= 0 and program.traits[program.file_of_definition[definition]].pointers:
                fields.setdefault(parent, []).append(program.slot_of_definition[definition])
        for target, types in program.declared.items() if fields else ():
            lists = [source for source in program.sources.get(target, ()) for source in self._lists_in(source)]
            known = [inner >> SHIFT for declared in types for inner in self._names.static(declared) if inner & MASK == DEF] if lists else ()
            for owner in known:
                for listed in lists:
                    self._fill_positions(listed, fields.get(owner, ()))

    def _lists_in(self, source: int) -> list[int]:
        program = self._program
        parts = [source]
        if program.forms[source] == UNION:
            parts = [program.first_of_slot[source] + part for part in program.parts[source]]
        return [part for part in parts if program.forms[part] == SEQUENCE]

    def _fill_positions(self, listed: int, fields: Sequence[int]) -> None:
        program = self._program
        first = program.first_of_slot[listed]
        inner = [first + part for part in program.parts[listed]]
        rows = [slot for slot in inner if program.forms[slot] == SEQUENCE]
        for row in rows or [listed]:
            parts = [program.first_of_slot[row] + part for part in program.parts[row]]
            for field, part in zip(fields, parts, strict=False):
                self._propagation.copy(part, field)

    def _declare(self, target: int, declared: int) -> None:
        known = self.hold(declared, target)
        if known and self._program.traits[self._program.file_of_slot(declared)].declared_types == "strict":
            self._propagation.sealed.add(target)

    def hold(self, declared: int, target: int, depth: int = 0) -> bool:
        """Give `target` an instance of the declared type; false when the type is not known."""
        program = self._program
        form = program.forms[declared]
        if form == UNION:
            held = [self.hold(program.first_of_slot[declared] + part, target, depth) for part in program.parts[declared]]
            return any(held)
        types = self._names.static(declared)
        held = [self._hold_instance(inner, target) or self._hold_alias(inner, target, depth) for inner in types]
        if form == GENERIC and any(inner & MASK == DEF and self._program.definitions[inner >> SHIFT].type_parameters for inner in types):
            self._propagation.declare(target, value(GENERIC_OF, declared))
        if form in (GENERIC, ARRAY) and not any(inner & MASK == DEF and program.is_class(inner >> SHIFT) for inner in types):
            return self._hold_container(declared, target)
        return any(held)

    def _hold_alias(self, inner: int, target: int, depth: int) -> bool:
        """An alias of a type that is no class of the program: a container, a union of such."""
        entry = self._program.definitions[inner >> SHIFT] if inner & MASK == DEF else None
        if entry is None or entry.kind != "TypeAlias" or entry.returns == UNKNOWN or depth > ALIAS_DEPTH:
            return False
        return self.hold(self._program.first_slot[self._program.file_of_definition[inner >> SHIFT]] + entry.returns, target, depth + 1)

    def _hold_instance(self, inner: int, target: int) -> bool:
        tag, index = inner & MASK, inner >> SHIFT
        if tag == DEF and self._program.definitions[index].kind in CLASS_KINDS:
            self._propagation.declare(target, value(INSTANCE_OF, index))
            return True
        if tag == EXTERNAL:
            self._propagation.declare(target, value(EXTERNAL_INSTANCE, index))
            return True
        return False

    def _hold_container(self, declared: int, target: int) -> bool:
        """A container of a type from elsewhere: its elements are instances of the last type argument."""
        if not self._program.parts[declared]:
            return False
        self._propagation.declare(target, value(OBJECT, declared))
        known = self._filled.get(declared)
        if known is None:
            self._filled[declared] = True
            known = self._filled[declared] = self._fill(declared)
        return known

    def _fill(self, declared: int) -> bool:
        program, holder = self._program, value(OBJECT, declared)
        first, parts = program.first_of_slot[declared], program.parts[declared]
        if len(parts) <= 1 or program.forms[declared] == ARRAY or self._containers.is_mapping_type(declared):
            return self.hold(first + parts[-1], self._containers.field(holder, ANY_KEY))
        keys = [ANY_KEY] if len(parts) == SINGLE else list(map(str, range(len(parts) - 1)))
        held = [self.hold(first + part, self._containers.field(holder, key)) for key, part in zip(keys, parts[1:], strict=True)]
        return any(held)

    def hold_elements(self, element: int, target: int) -> None:
        """Give `target` a container whose elements are instances of a type."""
        holder = value(OBJECT, self._program.derived_slot(element, SEQUENCE, "", ()))
        self._propagation.declare(target, holder)
        self.hold(element, self._containers.field(holder, ANY_KEY))
