"""Turns of a loop that bind a name and a value together: over a literal of pairs, or over the entries of a mapping."""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import CALL, INDEX, ITERATE, LOCAL, MEMBER, SEQUENCE
from aelus.domain.linking.library import tables as library
from aelus.domain.linking.program import Program
from aelus.domain.numbers import natural

TURNS: Final = 32
"""Elements of a literal that are told apart."""
ENTRIES: Final = (library.ITERATED, "[1]")
"""Steps to the values in what a method of mappings yields their entries by."""
NO_TURNS: Final[list[tuple[int, int]]] = []


class Turns:
    """Finds the pairs of name and value that two variables have in the turns of the loop that binds both."""

    def __init__(self, program: Program) -> None:
        self._program = program
        tables = {traits.name: library.tables(traits.library) for traits in program.languages}
        self._tables = [tables[traits.name] for traits in program.traits]

    def pairs(self, name: int, held: int) -> list[tuple[int, int]]:
        """Slots of name and value in each turn of a loop over a literal of literals; none for anything else."""
        loop, place, behind = self._loop(name, held)
        literal = self._program.part(loop) if loop >= 0 else -1
        if loop < 0 or self._program.forms[literal] != SEQUENCE:
            return NO_TURNS
        program = self._program
        turns = [program.first_of_slot[literal] + part for part in program.parts[literal]]
        if len(turns) > TURNS or any(program.forms[turn] != SEQUENCE or len(program.parts[turn]) <= max(place, behind) for turn in turns):
            return NO_TURNS
        return [(program.part(turn, place), program.part(turn, behind)) for turn in turns]

    def mapping(self, name: int, held: int) -> int:
        """The mapping whose keys and values a loop over its entries binds to both; -1 for any other loop."""
        loop, place, behind = self._loop(name, held)
        program = self._program
        entries = program.part(loop) if loop >= 0 else -1
        if loop < 0 or (place, behind) != (0, 1) or program.forms[entries] != CALL or len(program.parts[entries]) > 1:
            return -1
        method = program.part(entries)
        effects = self._tables[program.file_of_slot(loop)].methods.get(program.texts[method], ()) if program.forms[method] == MEMBER else ()
        yields = any(effect.target is not None and effect.target.steps == ENTRIES and effect.source.root == "self" for effect in effects)
        return program.part(method) if yields else -1

    def _loop(self, name: int, held: int) -> tuple[int, int, int]:
        """The loop that binds two variables and nothing else does, and which parts of its elements they are; or -1."""
        loop, place = self._place(name)
        other, behind = self._place(held)
        return (loop, place, behind) if loop == other else (-1, -1, -1)

    def _place(self, variable: int) -> tuple[int, int]:
        program = self._program
        sources = program.sources.get(variable, ()) if program.forms[variable] == LOCAL else ()
        if len(sources) != 1 or program.forms[sources[0]] != INDEX or len(program.parts[sources[0]]) == 1:
            return -1, -1
        loop, place = program.part(sources[0]), program.texts[program.part(sources[0], 1)]
        return (loop, number) if program.forms[loop] == ITERATE and (number := natural(place)) >= 0 else (-1, -1)
