"""Keys as the text of the program shows them: those that literals write, and those that are numbers."""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import CALL, CONSTANT, LITERAL, LOCAL, MAPPING, MEMBER, SPREAD_MAP
from aelus.domain.linking.program import Program
from aelus.domain.numbers import natural

SPREADS: Final = 8
"""Literals put into another one whose keys hide those in front of them."""
STEPS: Final = 4
"""Variables behind each other that a number is looked for through, and values of each; one that has more may hold anything."""


def written_behind(program: Program, slot: int, position: int) -> frozenset[str]:
    """Keys of a literal that are written behind what is spread there, and hide what that has under them."""
    first, parts = program.first_of_slot[slot], program.parts[slot]
    found, position = list[str](), position + 1
    while position < len(parts):
        key = first + parts[position]
        if program.forms[key] == CONSTANT:
            found.append(program.texts[key])
        position += 1 if program.forms[key] == SPREAD_MAP else 2
    return frozenset(found)


def spread_keys(program: Program, slot: int) -> list[tuple[int, frozenset[str]]]:
    """What a literal spreads: the place of each, and the constant keys that it is known to have."""
    first, parts = program.first_of_slot[slot], program.parts[slot]
    places = [place for place, part in enumerate(parts) if program.forms[first + part] == SPREAD_MAP][-SPREADS:]
    return [(place, _written_in(program, program.part(first + parts[place]))) for place in places]


def _written_in(program: Program, slot: int) -> frozenset[str]:
    """Constant keys of a literal that is written in place; from one that a variable holds, keys may have been deleted."""
    keys = [program.first_of_slot[slot] + part for part in program.parts[slot]] if program.forms[slot] == MAPPING else []
    plain = all(program.forms[key] == CONSTANT for key in keys[::2])
    return frozenset(program.texts[key] for key in keys[::2]) if plain else frozenset()


def is_number(program: Program, slot: int, depth: int = 0) -> bool:
    """Whether an expression is what an operator for numbers yields, or a variable that holds nothing else."""
    traits, form, text = program.traits[program.file_of_slot(slot)], program.forms[slot], program.texts[slot]
    if not traits.number_operators or depth == STEPS:
        return False
    if form == CALL:
        callee = program.part(slot)
        return program.forms[callee] == MEMBER and program.texts[callee] in traits.number_operators
    if form in (LITERAL, CONSTANT):
        return text == traits.number_type if form == LITERAL else natural(text) >= 0
    sources = program.sources.get(slot, ()) if form == LOCAL else ()
    return 0 < len(sources) <= STEPS and all(is_number(program, source, depth + 1) for source in sources)
