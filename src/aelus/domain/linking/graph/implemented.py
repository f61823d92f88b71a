"""What methods implement whose implementations stand outside of types: `From<Lost>` of `impl From<Lost> for Failure`."""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

from aelus.domain.facts import GENERIC, UNKNOWN
from aelus.domain.linking.program import Program
from aelus.domain.linking.signatures import IMPLEMENTING

Statements = dict[tuple[int, str], list[tuple[int, int]]]
LAST: Final = 1 << 62
"""Behind all interfaces of a line."""


class Implemented:
    """Finds the statement around a method."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._statements: dict[int, Statements] = {}
        """File → (type, name of the interface) → (line, the interface as it is written), in order."""

    def by(self, method: int) -> int:
        """The interface that a method implements, as it is written with its type arguments; `UNKNOWN` where that is not known."""
        program, file = self._program, self._program.file_of_definition[method]
        entry, known = program.definitions[method], self._statements.get(file)
        if known is None:
            known = self._statements[file] = self._of_file(file)
        for modifier in entry.modifiers:
            if modifier.startswith(IMPLEMENTING):
                statements = known.get((entry.receiver, modifier.removeprefix(IMPLEMENTING)), [])
                place = bisect_right(statements, (entry.line, LAST))
                return statements[place - 1][1] if place else UNKNOWN
        return UNKNOWN

    def _of_file(self, file: int) -> Statements:
        program, first = self._program, self._program.first_slot[file]
        found: Statements = {}
        for statement in program.units[file].facts.implementations:
            said = first + statement.interface
            named = program.part(said) if program.forms[said] == GENERIC else said
            found.setdefault((statement.type, program.texts[named]), []).append((statement.line, said))
        for statements in found.values():
            statements.sort()
        return found
