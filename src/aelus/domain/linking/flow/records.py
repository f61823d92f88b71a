"""Records: classes whose constructor is made of their fields (`@dataclass`, `NamedTuple`)."""

from __future__ import annotations

from collections.abc import Sequence

from aelus.domain.facts import CALL, CONSTANT, PLACED, RECORD, SEQUENCE, SPREAD, SPREAD_MAP, UNKNOWN
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.effects.library_calls import LibraryCalls
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation


class Records:
    """Lets the arguments of constructions reach the fields of records."""

    def __init__(self, program: Program, hierarchy: Hierarchy, propagation: Propagation, calls: LibraryCalls) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._calls = calls
        records = {definition for definition, entry in enumerate(program.definitions) if RECORD in entry.modifiers}
        self._own: dict[int, dict[str, int]] = {definition: {} for definition in records}
        """Record → name and slot of its own fields that have a declared type, in source order."""
        for definition, entry in enumerate(program.definitions if records else ()):
            parent = program.parent_of(definition)
            if parent not in records or program.is_class(definition) or "static" in entry.modifiers:
                continue
            if RECORD in entry.modifiers or (entry.kind == "Field" and self._is_declared(definition)):
                self._own[parent].setdefault(entry.name, program.slot_of_definition[definition])
        self._in_place: dict[int, list[str]] = {
            definition: [] for definition, entry in enumerate(program.definitions) if PLACED in entry.modifiers
        }
        """Type whose literals give values by their places → names of its own fields, in source order."""
        for definition, entry in enumerate(program.definitions if self._in_place else ()):
            if entry.kind == "Field" and (parent := program.parent_of(definition)) in self._in_place:
                self._in_place[parent].append(entry.name)
        self._shared: set[int] = set()
        """Factories from elsewhere, each of which makes one container for all instances."""
        self._placed: dict[int, tuple[str, ...]] = {}
        self._own_names: dict[int, list[str]] = {}
        """Class → names of its own fields."""

    def _is_declared(self, field: int) -> bool:
        return self._program.definitions[field].returns != UNKNOWN or self._program.slot_of_definition[field] in self._program.declared

    def fill(self, slot: int, definition: int) -> None:
        """The construction `slot` of a class gives its arguments to the fields, where the class is a record."""
        fields = self._fields(definition)
        if not fields:
            return
        program = self._program
        first, parts = program.first_of_slot[slot], program.parts[slot]
        names = program.texts[slot].split(",") if program.texts[slot] else []
        given = [first + part for part in parts[1:]]
        positional = len(given) - len(names)
        for target, argument in zip(fields.values(), given[:positional], strict=False):
            if program.forms[argument] in (SPREAD, SPREAD_MAP):
                break
            self._propagation.connect(argument, target)
        for name, argument in zip(names, given[positional:], strict=True):
            if name in fields:
                self._propagation.connect(argument, fields[name])
        for name, field in list(fields.items())[positional:]:
            if name not in names:
                self._make(slot, field)

    def given(self, slot: int, definition: int) -> list[tuple[int, int]]:
        """Fields of a record and what a construction gives them by their places."""
        program, fields = self._program, self._fields(definition)
        if not fields or program.texts[slot]:
            return []
        return list(zip(fields.values(), [program.first_of_slot[slot] + part for part in program.parts[slot][1:]], strict=False))

    def _make(self, slot: int, field: int) -> None:
        """A field that is given nothing is what the function returns which it names for that."""
        program = self._program
        for source in program.sources.get(field, ()):
            words = program.traits[program.file_of_slot(source)].record_factories
            for name, part in self._keywords(source) if words else ():
                if name in words and self._calls.is_own(part):
                    self._propagation.connect(self._calls.call(slot, part, ()), field)
                elif name in words and part not in self._shared:
                    self._shared.add(part)
                    self._propagation.connect(self._calls.call(source, part, ()), field)

    def _keywords(self, call: int) -> list[tuple[str, int]]:
        """Names and slots of what a call is given by name."""
        program = self._program
        names = program.texts[call].split(",") if program.forms[call] == CALL and program.texts[call] else []
        parts = program.parts[call][len(program.parts[call]) - len(names) :]
        return [(name, program.first_of_slot[call] + part) for name, part in zip(names, parts, strict=True)]

    @property
    def all_names(self) -> frozenset[str]:
        """Names of the fields of all records."""
        return frozenset(name for fields in self._own.values() for name in fields)

    def field_names(self, definition: int) -> list[str]:
        """Names of the fields in the order of the parameters."""
        return list(self._fields(definition))

    def name_at(self, definition: int, place: int) -> str:
        """Name of what instances of a class have at a place; empty where it does not say so."""
        names = self._placed.get(definition)
        if names is None:
            known = self._in_place.get(definition)
            names = self._listed(definition) or tuple(self._fields(definition)) if known is None else tuple(known)
            self._placed[definition] = names
        return names[place] if place < len(names) else ""

    def own_names(self, definition: int) -> Sequence[str]:
        """Names of the fields that a class declares itself, in source order, whether or not it is a record."""
        program = self._program
        if not self._own_names:
            for field, entry in enumerate(program.definitions):
                if entry.kind == "Field" and "static" not in entry.modifiers:
                    self._own_names.setdefault(program.parent_of(field), []).append(entry.name)
        return self._own_names.get(definition, ())

    def _listed(self, definition: int) -> tuple[str, ...]:
        """The names that a class lists itself."""
        program = self._program
        member = program.operation(program.file_of_definition[definition], "places")
        slots = [self._hierarchy.defines(owner, member) for owner in self._hierarchy.order(definition)] if member else []
        sources = next((program.sources.get(slot, ()) for slot in slots if slot >= 0), ())
        lists = [source for source in sources if program.forms[source] == SEQUENCE]
        named = [program.first_of_slot[listed] + part for listed in lists[:1] for part in program.parts[listed]]
        return tuple(program.texts[slot] if program.forms[slot] == CONSTANT else "" for slot in named)

    def _fields(self, definition: int) -> dict[str, int]:
        """Fields in the order of the parameters: those of bases first."""
        if not self._own:
            return {}
        found: dict[str, int] = {}
        for owner in reversed(self._hierarchy.order(definition)):
            found.update(self._own.get(owner, {}))
        return found
