"""Types that methods outside of them are declared for."""

from __future__ import annotations

from aelus.domain.facts import LITERAL
from aelus.domain.linking.program import Program


def declared_receiver(program: Program, definition: int) -> int:
    """The type that a method is declared for: one of the program, where that bears the name of a builtin one around the method."""
    file, entry = program.file_of_definition[definition], program.definitions[definition]
    receiver, scope, scopes = program.first_slot[file] + entry.receiver, entry.scope, program.units[file].facts.scopes
    while program.forms[receiver] == LITERAL and scope >= 0:
        declared = program.locals[file].get((scope, program.texts[receiver]), -1)
        if any(program.is_class(bound) for bound in program.bound.get(declared, ())):
            return declared
        around = scopes[scope].definition
        holder = program.definitions[program.first_definition[file] + around] if around >= 0 else None
        scope = -1 if holder is not None and holder.kind == "Namespace" and holder.body == scope else scopes[scope].parent
    return receiver
