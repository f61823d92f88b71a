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
