"""Type variables that a call makes: `T = TypeVar("T", bound=Base)`."""

from __future__ import annotations

from aelus.domain.facts import CONSTANT
from aelus.domain.linking.program import Program


def bounds_of(program: Program, call: int) -> list[int]:
    """Types that a type variable stands for: its bound, or those that it is one of; none where the call makes none."""
    file = program.file_of_slot(call)
    words = (*program.traits[file].type_variables, *program.traits[file].type_copies)
    if not words or program.texts[program.part(call)] not in words:
        return []
    found = list[int]()
    for part in program.parts[call][2:]:
        slot = program.first_of_slot[call] + part
        found.append(program.locals[file].get((0, program.texts[slot]), slot) if program.forms[slot] == CONSTANT else slot)
    return found
