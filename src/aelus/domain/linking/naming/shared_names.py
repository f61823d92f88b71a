"""Names that all files of a language share, whoever defines them: variables that no scope declares, and macros."""

from __future__ import annotations

from aelus.domain.facts import FREE
from aelus.domain.linking.program import Program

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


def macros(program: Program) -> Shared:
    """Macros, which are known in the whole program."""
    found: Shared = {}
    for definition, entry in enumerate(program.definitions):
        if entry.kind == "Macro":
            key = (program.traits[program.file_of_definition[definition]].name, entry.name)
            found.setdefault(key, []).append(program.slot_of_definition[definition])
    return found
