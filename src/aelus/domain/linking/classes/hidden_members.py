"""Which members of a class hide what its bases have under the same name, where these are variables of class bodies."""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import MEMBER, THIS
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.program import Program

ANY: Final = -1
"""In place of a class: the instance may be of any."""


class HiddenMembers:
    """Knows the names that the program stores in instances: what these hold is seen before anything of a class."""

    def __init__(self, program: Program, hierarchy: Hierarchy) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._stored: dict[str, set[int]] | None = None
        """Name → classes whose methods store it in their receivers."""

    def hides(self, definition: int, owner: int, member: int) -> bool:
        """Whether the body of a class gives a member its value, and instances of `definition` can have no other one."""
        program = self._program
        if member not in program.sources or not self._tells(owner, member):
            return False
        if self._stored is None:
            self._stored = self._find_stored()
        stored = self._stored.get(program.texts[member])
        return stored is None or stored.isdisjoint((ANY, *self._hierarchy.order(definition)))

    def _tells(self, owner: int, member: int) -> bool:
        """Whether what a class body says of a member is all: it runs, or it chooses among the methods of its traits."""
        program = self._program
        traits = program.traits[program.file_of_definition[owner]]
        return traits.class_bodies_run or (traits.mixed_in and all(program.forms[source] == MEMBER for source in program.sources[member]))

    def _find_stored(self) -> dict[str, set[int]]:
        program, found = self._program, dict[str, set[int]]()
        for target in program.sources:
            if program.forms[target] == MEMBER:
                holder = program.part(target)
                receivers = [each for each in (holder, *program.sources.get(holder, ())) if program.forms[each] == THIS]
                found.setdefault(program.texts[target], set()).update(map(program.definition_of, receivers) if receivers else (ANY,))
        return found
