"""Types that are declared in parts: partial classes, and classes that any file may open again."""

from __future__ import annotations

from collections.abc import Mapping

from aelus.domain.linking.program import Program

ALL = "all"
"""Value of the trait `partial_types` where every type may be declared in parts; elsewhere it is the modifier of those that are."""
SCOPE = "scope"
"""Value of the trait where those are one type which a scope declares under one name."""


def find_parts(program: Program) -> Mapping[int, tuple[int, ...]]:
    """Definition of a type that has several parts → its other parts."""
    groups: dict[tuple[str, str, int, str, int], list[int]] = {}
    first: dict[int, int] = {}
    in_scopes = _of_scopes(program) if any(traits.partial_types == SCOPE for traits in program.languages) else []
    for definition, entry in enumerate(program.definitions):
        file = program.file_of_definition[definition]
        wanted = program.traits[file].partial_types
        if wanted and program.is_class(definition) and (wanted == ALL or wanted in entry.modifiers):
            parent = program.parent_of(definition)
            arity = len(entry.type_parameters) if program.traits[file].arities else 0
            key = (program.traits[file].name, program.units[file].facts.package, first.get(parent, parent), entry.name, arity)
            group = groups.setdefault(key, [])
            group.append(definition)
            first[definition] = group[0]
    several = [group for group in (*groups.values(), *in_scopes) if len(group) > 1]
    return {part: tuple(other for other in group if other != part) for group in several for part in group}


def _of_scopes(program: Program) -> list[list[int]]:
    """Types that one scope declares under one name, those that have instances first."""
    found = list[list[int]]()
    for bound in program.bound.values():
        types = [d for d in bound if program.is_class(d) and program.traits[program.file_of_definition[d]].partial_types == SCOPE]
        if len(types) > 1:
            found.append(sorted(types, key=lambda definition: program.definitions[definition].kind == "Interface"))
    return found
