"""What is known of a container by the name of its generic type."""

from __future__ import annotations

from aelus.domain.facts import AWAIT, GENERIC, INDEX
from aelus.domain.linking.program import Program


def is_mapping_type(program: Program, declared: int) -> bool:
    """Whether a generic type is one of those that map keys to values."""
    if program.forms[declared] != GENERIC:
        return False
    return program.texts[program.part(declared)] in program.traits[program.file_of_slot(declared)].mapping_types


def has_members(program: Program, declared: int) -> bool:
    """Whether a generic type is one of those that map keys to values, which are its members, too."""
    kinds = program.traits[program.file_of_slot(declared)].member_types
    return is_mapping_type(program, declared) and (not kinds or program.texts[program.part(declared)] in kinds)


def is_stream(program: Program, declared: int) -> bool:
    """Whether a loop with one variable yields the elements of a container of this type."""
    if program.forms[declared] not in (GENERIC, INDEX):
        return False
    return program.texts[program.part(declared)] in program.traits[program.file_of_slot(declared)].streams


def opens(program: Program, slot: int, declared: int) -> bool:
    """Whether `with` or `await` takes out what a container of a type holds."""
    awaited = program.traits[program.file_of_slot(slot)].awaited_types if program.forms[slot] == AWAIT else ()
    return not awaited or program.forms[declared] != GENERIC or program.texts[program.part(declared)] in awaited
