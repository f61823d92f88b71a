"""Types behind a type parameter of which the program says something: `where T: Source, T::Item: Number`.

Each is a type parameter beside `T`, called `T::Item` by the extraction.
"""

from __future__ import annotations

from aelus.domain.linking.program import Program


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
