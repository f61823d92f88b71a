"""Names that all files of a language share, whoever defines them: variables that no scope declares, names of imports, and macros."""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import FREE
from aelus.domain.linking.program import Program

SHARED: Final = "global"
"""Modifier of imports that hold for all files of their language."""
Shared = dict[tuple[str, str], list[int]]
"""(language, name) → slots."""


def global_variables(program: Program) -> Shared:
    """Names that no scope declares and that are assigned to, where that makes them variables."""
    found: Shared = {}
    for slot in program.by_form[FREE]:
        traits = program.traits[program.file_of_slot(slot)]
        if traits.global_variables and slot in program.sources:
            found.setdefault((traits.name, program.texts[slot]), []).append(slot)
    return found


def shared_aliases(program: Program) -> Shared:
    """Names that an import of one file gives for all of them."""
    found: Shared = {}
    for file, unit in enumerate(program.units):
        for statement in unit.facts.imports:
            if SHARED in statement.modifiers and statement.variable:
                slot = program.first_slot[file] + statement.variable
                found.setdefault((program.traits[file].name, program.texts[slot]), []).append(slot)
    return found


def macros(program: Program) -> Shared:
    """Macros, which are known in the whole program."""
    found: Shared = {}
    for definition, entry in enumerate(program.definitions):
        if entry.kind == "Macro":
            key = (program.traits[program.file_of_definition[definition]].name, entry.name)
            found.setdefault(key, []).append(program.slot_of_definition[definition])
    return found
