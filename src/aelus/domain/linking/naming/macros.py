"""Macros that call what they are given, `#define CALL(f) f()`, or what its name is part of, `#define RUN(n) run_##n()`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from aelus.domain.facts import CALL, CALL_REFERENCE, FREE, IMPLICIT, LOCAL
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import DEF, MASK, SHIFT

PASTE: Final = "##"
PASTED: Final = re.compile(r"\s*##\s*")
PASTES_PER_MACRO: Final = 16
NAME_FORMS: Final = frozenset({LOCAL, FREE, IMPLICIT})


def find_called_parameters(program: Program) -> dict[int, set[int]]:
    """Macro → positions of its parameters that its text calls."""
    found: dict[int, set[int]] = {}
    parameters = {
        program.first_slot[program.file_of_definition[definition]] + parameter.variable: (definition, position)
        for definition, entry in enumerate(program.definitions)
        if entry.kind == "Macro"
        for position, parameter in enumerate(entry.parameters)
    }
    for slot in program.by_form[CALL] if parameters else ():
        macro = parameters.get(program.part(slot))
        if macro is not None:
            found.setdefault(macro[0], set()).add(macro[1])
    return found


class PastedNames:
    """Finds the functions whose names macros paste together of what they are given."""

    def __init__(self, program: Program, names: Names) -> None:
        self._program = program
        self._names = names
        self._pieces: dict[int, list[tuple[str | int, ...]]] = {}
        """Macro → what the names of its callees are made of: texts, and positions of parameters."""
        for file, unit in enumerate(program.units):
            if program.traits[file].pointers:
                for reference in unit.facts.references:
                    if reference.kind == CALL_REFERENCE and reference.definition >= 0:
                        self._note(program.first_definition[file] + reference.definition, program.first_slot[file] + reference.expression)
        self.any = bool(self._pieces)

    def _note(self, macro: int, call: int) -> None:
        program, callee = self._program, self._program.part(call)
        if program.definitions[macro].kind != "Macro" or program.forms[callee] not in NAME_FORMS or PASTE not in program.texts[callee]:
            return
        positions = {parameter.name: number for number, parameter in enumerate(program.definitions[macro].parameters)}
        known = self._pieces.setdefault(macro, [])
        if len(known) < PASTES_PER_MACRO:
            known.append(tuple(positions.get(piece, piece) for piece in PASTED.split(program.texts[callee])))

    def called(self, slot: int, macro: int) -> Iterator[int]:
        """Functions that a use of a macro calls."""
        program = self._program
        given = [program.texts[program.first_of_slot[slot] + part] for part in program.parts[slot][1:]]
        for pieces in self._pieces.get(macro, ()):
            if all(isinstance(piece, str) or piece < len(given) for piece in pieces):
                yield from self._named(slot, "".join(piece if isinstance(piece, str) else given[piece] for piece in pieces))

    def _named(self, slot: int, name: str) -> Sequence[int]:
        program, file = self._program, self._program.file_of_slot(slot)
        own = program.locals[file].get((0, name), -1)
        found = self._names.static(own) if own >= 0 else self._names.values_of(self._names.free(file, name))
        return [inner >> SHIFT for inner in found if inner & MASK == DEF and program.is_function(inner >> SHIFT)]
