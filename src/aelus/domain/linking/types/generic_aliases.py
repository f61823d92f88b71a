"""Aliases that give a generic type its arguments: `type Posts = Repository<Post>`."""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import GENERIC, LOCAL, MEMBER, UNKNOWN
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program

NAMED: Final = frozenset({LOCAL, MEMBER})
STEPS: Final = 8
"""Aliases of aliases that are followed."""
NONE: Final = -1


class GenericAliases:
    """Finds the generic type that a name stands for."""

    def __init__(self, program: Program, names: Names) -> None:
        self._program = program
        self._names = names
        self._known: dict[int, int] = {}
        self._written = self._find_written()
        """Alias without parameters of its own → slot of the type that it stands for."""
        self._any = any(program.forms[written] == GENERIC for written in self._written.values())

    def _find_written(self) -> dict[int, int]:
        program = self._program
        return {
            definition: program.first_slot[program.file_of_definition[definition]] + entry.returns
            for definition, entry in enumerate(program.definitions)
            if entry.kind == "TypeAlias" and entry.returns != UNKNOWN and not entry.type_parameters
        }

    def of(self, declared: int) -> int:
        """Slot of the generic type, or -1."""
        if not self._any or self._program.forms[declared] not in NAMED:
            return NONE
        known = self._known.get(declared)
        if known is None:
            known = self._known[declared] = self._find(declared)
        return known

    def _find(self, declared: int) -> int:
        for _ in range(STEPS):
            written = self._stands_for(declared)
            if written < 0 or self._program.forms[written] == GENERIC:
                return written
            declared = written
        return NONE

    def _stands_for(self, declared: int) -> int:
        """What the only alias says that a name means."""
        program, found = self._program, list[int]()
        if program.forms[declared] == LOCAL:
            found.extend(program.bound.get(declared, ()))
            for file, statement in program.imports.get(declared, ()):
                found.extend(bound for slot in self._names.imported(file, statement).slots for bound in program.bound.get(slot, ()))
        elif program.forms[declared] == MEMBER:
            for holder in self._names.static(program.part(declared)):
                slots = self._names.member(holder, program.texts[declared]).slots
                found.extend(bound for slot in slots for bound in program.bound.get(slot, ()))
        return self._written.get(found[0], NONE) if len(found) == 1 else NONE
