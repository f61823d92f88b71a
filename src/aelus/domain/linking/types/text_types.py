"""Types of texts in the library."""

from __future__ import annotations

from aelus.domain.facts import MEMBER
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program


def is_text(program: Program, names: Names, declared: int) -> bool:
    """Whether a type is one of the library's texts, which no instance of the program's classes is."""
    if program.forms[declared] != MEMBER or names.static(declared):
        return False
    name = f"{program.texts[program.part(declared)]}.{program.texts[declared]}"
    return name in program.traits[program.file_of_slot(declared)].text_types
