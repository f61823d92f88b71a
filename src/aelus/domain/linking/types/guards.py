"""Tests of types that are declared: functions that say by their result of which type their argument, or what they are called on, is
(`(x): x is C`), and variables that are hinted to be of a type.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from aelus.domain.facts import CAST, GUARD, INSTANCE, UNKNOWN
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import DEF, EXTERNAL, MASK, SHIFT

RECEIVER: Final = "this"


def guarded_type(program: Program, functions: Iterable[int], *, receives: bool) -> int:
    """The type that the first of these functions which says one says its first argument, or its receiver, is of; -1 where none does, or
    only one of its own parameters, of which what it is given says more.
    """
    for definition in functions:
        entry = program.definitions[definition]
        declared = program.first_slot[program.file_of_definition[definition]] + entry.returns
        if entry.returns != UNKNOWN and is_guard(program, declared):
            name = program.texts[declared].removeprefix(GUARD)
            if name == RECEIVER if receives else entry.parameters and entry.parameters[0].name == name:
                told = program.part(declared)
                return -1 if program.texts[told] in entry.type_parameters else told
    return -1


def is_guard(program: Program, declared: int) -> bool:
    """Whether a result only says of a parameter what it is."""
    return program.forms[declared] == INSTANCE and program.texts[declared].startswith(GUARD)


def stays_declared(program: Program, names: Names, test: int) -> bool:
    """Whether a variable that is hinted to be of the program's classes is only tested to be of others, which says no more of it."""
    strict = program.traits[program.file_of_slot(test)].declared_types != "hint"
    if strict or len(program.parts[test]) == 1 or program.texts[test] == CAST:
        return False
    hinted = [inner for declared in program.declared.get(program.part(test, 1), ()) for inner in names.static(declared)]
    if not hinted or not all(inner & MASK == DEF and program.is_class(inner >> SHIFT) for inner in hinted):
        return False
    tested = names.static(program.part(test))
    return bool(tested) and all(inner & MASK == EXTERNAL for inner in tested)
