"""Variables that are called, or are the class of a call: a constant that one of them is set to may name a function."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from aelus.domain.facts import CALL, FREE, LOCAL, MEMBER, NEW
from aelus.domain.language_traits import LanguageTraits
from aelus.domain.linking.library.tables import Tables
from aelus.domain.linking.program import Program

CALLABLE: Final = "callable"
"""Type of what can be called, before the name of a parameter."""


def find_called(program: Program, tables: Sequence[Tables]) -> Iterator[int]:
    """Variables that are called themselves, those that are given to functions of the library which call them, and declared ones."""
    for definition, entry in enumerate(program.definitions):
        file = program.file_of_definition[definition]
        for parameter in entry.parameters if program.traits[file].callable_constants else ():
            if f"{CALLABLE} {parameter.name}" in entry.signature:
                yield program.first_slot[file] + parameter.variable
    yield from (variable for _, variable in find_named(program))
    for slot in program.of_form(CALL, _calls_constants):
        file, callee = program.file_of_slot(slot), program.part(slot)
        for effect in tables[file].functions.get(program.texts[callee], ()) if program.forms[callee] == FREE else ():
            position = int(effect.source.root) + 1 if effect.verb == "call" and effect.source.root.isdigit() else 0
            if 0 < position < len(program.parts[slot]):
                yield program.part(slot, position)


def find_named(program: Program) -> Iterator[tuple[int, int]]:
    """Calls and the variables in them that a name may be in: what is called, the class that is made or that a method is called on."""
    for slot in (*program.of_form(CALL, _calls_constants), *program.of_form(NEW, _calls_constants)):
        callee = program.part(slot)
        named = program.part(callee) if program.forms[callee] == MEMBER else callee
        if program.forms[named] == LOCAL:
            yield slot, named


def _calls_constants(traits: LanguageTraits) -> bool:
    return traits.callable_constants
