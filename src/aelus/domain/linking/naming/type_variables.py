"""Type variables that a call makes: `T = TypeVar("T", bound=Base)`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from aelus.domain.facts import CALL, CONSTANT, FREE, LOCAL, MEMBER
from aelus.domain.linking.program import Program

PARTS: Final = 8
"""Parts of the dotted name of a function that is looked at."""


def bounds_of(program: Program, call: int) -> list[int]:
    """Types that a type variable stands for: its bound, or those that it is one of; none where the call makes none."""
    file = program.file_of_slot(call)
    if not is_call_of(program, call, (*program.traits[file].type_variables, *program.traits[file].type_copies)):
        return []
    found = list[int]()
    for part in program.parts[call][2:]:
        slot = program.first_of_slot[call] + part
        found.append(program.locals[file].get((0, program.texts[slot]), slot) if program.forms[slot] == CONSTANT else slot)
    return found


def is_call_of(program: Program, call: int, words: Collection[str]) -> bool:
    """Whether an expression calls a function of another module that has one of these names."""
    if program.forms[call] != CALL or program.texts[program.part(call)] not in words:
        return False
    head = program.part(call)
    for _ in range(PARTS):
        if program.forms[head] != MEMBER:
            break
        head = program.part(head)
    return program.forms[head] == FREE or (program.forms[head] == LOCAL and head in program.imports and head not in program.bound)
