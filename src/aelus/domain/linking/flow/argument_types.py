"""Types of arguments by what is written of them, before any value flows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aelus.domain.facts import CALL, IMPLICIT, LOCAL, MEMBER, NEW
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import FUNCTION_KINDS, Program
from aelus.domain.linking.values import DEF, MASK, SHIFT

NAMING: Final = frozenset({IMPLICIT, LOCAL, MEMBER})
"""Forms of the names of functions."""


def written_types(program: Program, names: Names, argument: int) -> Sequence[int]:
    """The types that an argument is declared to have, or is made of, or that the function returns which is called for it."""
    sources = program.sources.get(argument, ())
    declared = program.declared.get(argument, ())
    made = argument if declared or len(sources) != 1 else sources[0]
    if declared or program.forms[made] not in (CALL, NEW):
        return declared
    callee = program.part(made)
    return [callee] if program.forms[made] == NEW else declared_results(program, names, callee)


def declared_results(program: Program, names: Names, named: int) -> list[int]:
    """The type that the only function returns which a name means, where that depends on no type arguments."""
    if program.forms[named] not in NAMING or not program.traits[program.file_of_slot(named)].functional_types:
        return []
    found = names.static(named)
    if len(found) != 1 or found[0] & MASK != DEF:
        return []
    entry, file = program.definitions[found[0] >> SHIFT], program.file_of_definition[found[0] >> SHIFT]
    plain = entry.kind in FUNCTION_KINDS and entry.returns and not entry.type_parameters
    return [program.first_slot[file] + entry.returns] if plain else []
