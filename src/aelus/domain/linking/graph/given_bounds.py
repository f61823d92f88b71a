"""What the type around a method says in place of a type parameter of its class: `impl<J: Iterator> Walk<J>` of `struct Walk<I>`."""

from __future__ import annotations

from aelus.domain.facts import GENERIC, UNKNOWN
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.program import Program


def given_in(program: Program, hierarchy: Hierarchy, parameter: int, caller: int) -> list[int]:
    """The type that stands for the parameter in `caller`, as it is written there; none where that is not said."""
    while caller >= 0 and program.definitions[caller].receiver == UNKNOWN:
        caller = program.parent_of(caller)
    if caller < 0:
        return []
    receiver = program.first_slot[program.file_of_definition[caller]] + program.definitions[caller].receiver
    owner = hierarchy.owner.get(caller, -1)
    if owner < 0 or program.forms[receiver] != GENERIC:
        return []
    first = program.first_of_slot[receiver]
    given = dict(zip(program.definitions[owner].type_parameters, program.parts[receiver][1:], strict=False))
    written = given.get(program.texts[parameter], UNKNOWN)
    return [first + written] if written != UNKNOWN and first + written != parameter else []
