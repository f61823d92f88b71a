"""Functions that say by their result of which type their argument, or what they are called on, is: `(x): x is C`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from aelus.domain.facts import GUARD, INSTANCE, UNKNOWN
from aelus.domain.linking.program import Program

RECEIVER: Final = "this"


def guarded_type(program: Program, functions: Iterable[int], *, receives: bool) -> int:
    """The type that the first of these functions which says one says its first argument, or its receiver, is of; -1 where none does, or
    only one of its own parameters, of which what it is given says more.
    """
    for definition in functions:
        entry = program.definitions[definition]
        declared = program.first_slot[program.file_of_definition[definition]] + entry.returns
        if entry.returns != UNKNOWN and program.forms[declared] == INSTANCE and program.texts[declared].startswith(GUARD):
            name = program.texts[declared].removeprefix(GUARD)
            if name == RECEIVER if receives else entry.parameters and entry.parameters[0].name == name:
                told = program.part(declared)
                return -1 if program.texts[told] in entry.type_parameters else told
    return -1
