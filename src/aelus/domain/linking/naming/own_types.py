"""Members that bear the name of their type: `Color.Red` is one of the type, `Color.Name` one of the member's value."""

from __future__ import annotations

from collections.abc import Iterable

from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import DEF, MASK, SHIFT


def own_type(program: Program, names: Names, slot: int, member: int) -> Iterable[int]:
    """The classes that a bare name may mean beside the member: those that are the member's type."""
    traits = program.traits[program.file_of_slot(slot)]
    if not traits.top_type or traits.methods_apart:
        return ()
    classes = [inner for inner in names.static(slot) if inner & MASK == DEF and program.is_class(inner >> SHIFT)]
    entries = [(program.first_slot[program.file_of_definition[d]], program.definitions[d]) for d in program.bound.get(member, ())]
    types = {inner for first, entry in entries if entry.returns for inner in names.static(first + entry.returns)} if classes else set()
    return [inner for inner in classes if inner in types]
