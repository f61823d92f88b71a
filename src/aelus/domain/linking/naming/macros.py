"""Macros that call what they are given: `#define CALL(f) f()`."""

from __future__ import annotations

from aelus.domain.facts import CALL
from aelus.domain.linking.program import Program


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
