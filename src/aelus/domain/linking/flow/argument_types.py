"""Types of arguments by what is written of them, before any value flows."""

from __future__ import annotations

from collections.abc import Sequence

from aelus.domain.facts import NEW
from aelus.domain.linking.program import Program


def written_types(program: Program, argument: int) -> Sequence[int]:
    """The types that an argument is declared to have, or is made of."""
    sources = program.sources.get(argument, ())
    declared = program.declared.get(argument, ())
    made = argument if declared or len(sources) != 1 else sources[0]
    return declared or ([program.part(made)] if program.forms[made] == NEW else ())
