"""Stores to a prototype: `Sub.prototype.m = …` is for the instances of `Sub`, whatever else that member holds."""

from __future__ import annotations

from aelus.domain.facts import MEMBER
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import DEF, INSTANCE_OF, MASK, SHIFT


def is_of_another(program: Program, names: Names, member: int, holder: int) -> bool:
    """Whether what is assigned to `member` is named as one of another prototype than that of the instance `holder`.

    `Sub.prototype = Object.create(Base.prototype)` makes the one inherit from the other, and no more.
    """
    whole = program.part(member)
    if holder & MASK != INSTANCE_OF or program.forms[whole] != MEMBER:
        return False
    if program.texts[whole] != program.traits[program.file_of_slot(member)].prototype:
        return False
    owners = [inner >> SHIFT for inner in names.static(program.part(whole)) if inner & MASK == DEF]
    return bool(owners) and holder >> SHIFT not in owners


def own_stores(program: Program, names: Names) -> set[tuple[int, str]]:
    """Functions, and the names of what is put into their prototypes one by one: it hides what these inherit."""
    found = set[tuple[int, str]]()
    for member in program.sources:
        whole = program.part(member) if program.forms[member] == MEMBER else -1
        word = program.traits[program.file_of_slot(member)].prototype if whole >= 0 else ""
        if word and program.forms[whole] == MEMBER and program.texts[whole] == word:
            owners = [inner >> SHIFT for inner in names.static(program.part(whole)) if inner & MASK == DEF]
            found.update((owner, program.texts[member]) for owner in owners)
    return found
