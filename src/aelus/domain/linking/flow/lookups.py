"""Functions that return what a container has under a name that they are given: `def get(self, name): return self._table[name]`.

Taken as one, all calls of it share everything that the container holds. A call that gives a constant yields what is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aelus.domain.facts import CALL, CONSTANT, MEMBER
from aelus.domain.linking.library import tables as library
from aelus.domain.linking.library.tables import Tables
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation

AT_FIRST: Final = ("[@0]",)
"""Steps to what a method of containers returns by its first argument."""
NOT_KEYED: Final = -1


class Lookups:
    def __init__(self, program: Program, propagation: Propagation, parameters: Mapping[int, tuple[int, int]]) -> None:
        self._program = program
        self._propagation = propagation
        self._parameters = parameters
        self._methods: dict[str, frozenset[str]] = {
            traits.name: _keyed_methods(library.tables(traits.library)) for traits in program.languages if traits.keyed_stores
        }
        """Language → methods of its containers that return what is at a key."""
        self._made: dict[tuple[int, int], int] = {}

    def key_of(self, source: int) -> int:
        """The parameter that says under which name the expression `source` looks something up; -1 where it does not."""
        program = self._program
        names = self._methods.get(program.traits[program.file_of_slot(source)].name) if len(program.parts[source]) > 1 else None
        if names is None or (key := program.part(source, 1)) not in self._parameters:
            return NOT_KEYED
        holder = program.part(source)
        if program.forms[source] == CALL:
            if program.forms[holder] != MEMBER or program.texts[holder] not in names or program.texts[source]:
                return NOT_KEYED
            holder = program.part(holder)
        return NOT_KEYED if holder in self._parameters else key

    def at(self, source: int, argument: int) -> int:
        """The lookup with an argument in the place of the parameter; itself where that is no constant."""
        program = self._program
        if program.forms[argument] != CONSTANT:
            return source
        made = self._made.get((source, argument))
        if made is None:
            holder, first = program.part(source), program.first_of_slot[source]
            rest = [first + part for part in program.parts[source][2:]]
            made = program.derived_slot(source, program.forms[source], "", (holder, argument, *rest))
            self._made[source, argument] = made
            self._propagation.subscribe(holder, made)
        return made


def _keyed_methods(tables: Tables) -> frozenset[str]:
    return frozenset(
        name
        for name, effects in tables.methods.items()
        if any(effect.target is not None and effect.target.root == "result" and effect.source.steps == AT_FIRST for effect in effects)
    )
