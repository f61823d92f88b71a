"""Types that are declared in parts: partial classes, and classes that any file may open again."""

from __future__ import annotations

from collections.abc import Mapping

from aelus.domain.linking.program import Program

ALL = "all"
"""Value of the trait `partial_types` where every type may be declared in parts; elsewhere it is the modifier of those that are."""


def find_parts(program: Program) -> Mapping[int, tuple[int, ...]]:
    """Definition of a type that has several parts → its other parts."""
    groups: dict[tuple[str, str, int, str, int], list[int]] = {}
    first: dict[int, int] = {}
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
    return {part: tuple(other for other in group if other != part) for group in groups.values() if len(group) > 1 for part in group}
