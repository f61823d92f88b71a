"""Asynchronous functions: what a call of one yields has the methods of what is waited for, whatever is known of the value inside."""

from __future__ import annotations

from typing import Final

from aelus.domain.linking.program import Program

ASYNCHRONOUS: Final = "async"


def find_promising(program: Program) -> set[int]:
    """Functions whose calls yield what can be waited for, where that is a value of its own."""
    return {
        definition
        for definition, entry in enumerate(program.definitions)
        if ASYNCHRONOUS in entry.modifiers
        and "generator" not in entry.modifiers
        and program.is_function(definition)
        and program.traits[program.file_of_definition[definition]].prototype
    }
