"""Types behind a type parameter of which the program says something: `where T: Source, T::Item: Number`.

Each is a type parameter beside `T`, called `T::Item` by the extraction.
"""

from __future__ import annotations

from aelus.domain.facts import UNKNOWN
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import ALIAS, Program
from aelus.domain.linking.signatures import IMPLEMENTING
from aelus.domain.linking.values import DEF, MASK, SHIFT


def find_projections(program: Program) -> dict[int, dict[str, int]]:
    """Type parameter → name behind it → the type parameter that stands for both."""
    found = dict[int, dict[str, int]]()
    for file, traits in enumerate(program.traits):
        if not traits.generic_implementations:
            continue
        local = program.locals[file]
        for (scope, name), slot in list(local.items()):
            base, separator, last = name.rpartition(traits.separator)
            if separator and (owner := local.get((scope, base), -1)) >= 0:
                found.setdefault(owner, {})[last] = slot
    return found


def find_associated(program: Program, names: Names) -> dict[tuple[int, str], dict[str, int]]:
    """(class, name of an interface) → type that the interface leaves open → what it is for the class (`type Item = u8;`)."""
    found = dict[tuple[int, str], dict[str, int]]()
    for definition, entry in enumerate(program.definitions):
        if entry.kind != ALIAS or UNKNOWN in (entry.receiver, entry.returns):
            continue
        first = program.first_slot[program.file_of_definition[definition]]
        interfaces = [word.removeprefix(IMPLEMENTING) for word in entry.modifiers if word.startswith(IMPLEMENTING)]
        for inner in names.static(first + entry.receiver):
            if inner & MASK == DEF and program.is_class(inner >> SHIFT):
                for interface in interfaces:
                    found.setdefault((inner >> SHIFT, interface), {})[entry.name] = first + entry.returns
    return found
