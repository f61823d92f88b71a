"""Overloads that differ in whether they take what is about to vanish: `f(T &&)` beside `f(const T &)`.

Source: ISO/IEC 14882, "Ranking implicit conversion sequences": what is no variable binds to `&&`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aelus.domain.facts import CALL, CONSTANT, IMPLICIT, INDEX, INSTANCE, LITERAL, LOCAL, MEMBER, NEW, THIS
from aelus.domain.linking.program import Program

VANISHING: Final = "&&"
VARIABLES: Final = frozenset({LOCAL, IMPLICIT, MEMBER, INDEX, THIS})
TEMPORARIES: Final = frozenset({CONSTANT, LITERAL, NEW, INSTANCE, CALL})


def by_category(program: Program, chosen: list[int], given: Sequence[int]) -> list[int]:
    """Of overloads that differ in `&&`, those for variables, or those for what is none, as the arguments are."""
    if len(chosen) < 2 or not any(VANISHING in program.definitions[definition].signature for definition in chosen):  # noqa: PLR2004 - nothing to choose
        return chosen
    taking = {definition: _vanishing(program.definitions[definition].signature) for definition in chosen}
    for position, argument in enumerate(given):
        takes = [position < len(taking[d]) and taking[d][position] for d in chosen]
        form = program.forms[argument]
        if all(takes) or not any(takes) or form not in VARIABLES | TEMPORARIES:
            continue
        wanted = form in TEMPORARIES
        chosen = [definition for definition, takes_it in zip(chosen, takes, strict=True) if takes_it == wanted]
    return chosen


def _vanishing(signature: str) -> list[bool]:
    """For each parameter, whether it is written with `&&`."""
    listed, depth, parts = signature.partition("(")[2].rpartition(")")[0], 0, [""]
    for character in listed:
        depth += (character in "(<[{") - (character in ")>]}")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [VANISHING in part for part in parts]
