"""Records: classes whose constructor is made of their fields (`@dataclass`, `NamedTuple`)."""

from __future__ import annotations

from aelus.domain.facts import RECORD, SPREAD, SPREAD_MAP, UNKNOWN
from aelus.domain.linking.hierarchy import Hierarchy
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation


class Records:
    """Lets the arguments of constructions reach the fields of records."""

    def __init__(self, program: Program, hierarchy: Hierarchy, propagation: Propagation) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._propagation = propagation
        records = {definition for definition, entry in enumerate(program.definitions) if RECORD in entry.modifiers}
        self._own: dict[int, dict[str, int]] = {definition: {} for definition in records}
        """Record → name and slot of its own fields that have a declared type, in source order."""
        for definition, entry in enumerate(program.definitions if records else ()):
            parent = program.parent_of(definition)
            slot = program.slot_of_definition[definition]
            if entry.kind == "Field" and parent in records and (entry.returns != UNKNOWN or slot in program.declared):
                self._own[parent].setdefault(entry.name, slot)

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

    def _fields(self, definition: int) -> dict[str, int]:
        """Fields in the order of the parameters: those of bases first."""
        if not self._own:
            return {}
        found: dict[str, int] = {}
        for owner in reversed(self._hierarchy.order(definition)):
            found.update(self._own.get(owner, {}))
        return found
