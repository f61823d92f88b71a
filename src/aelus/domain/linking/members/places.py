"""Variables that stand for a place in a container: a member that is taken of one is that of the element there."""

from __future__ import annotations

from aelus.domain.facts import LOCAL, MEMBER
from aelus.domain.linking.effects.constraints import Constraints
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.containers import EVERY_KEY, Containers


class Places:
    """Takes members of elements."""

    def __init__(self, program: Program, propagation: Propagation, containers: Containers, constraints: Constraints) -> None:
        self._program = program
        self._propagation = propagation
        self._containers = containers
        self._constraints = constraints

    def take(self, slot: int, holder: int, name: str) -> None:
        """`it->m`, where `auto it = c.begin()` holds the container that it is a place in."""
        variable = self._program.part(slot)
        if self._program.forms[variable] == LOCAL and not self._is_declared(variable):
            elements = self._containers.field(holder, EVERY_KEY)
            self._propagation.connect(self._constraints.step(elements, f".{name}"), slot)

    def _is_declared(self, slot: int) -> bool:
        """Whether a variable has a declared type, which is that of the container itself and not of a place in it."""
        program = self._program
        declared = program.declared.get(slot) or program.declared.get(program.variable_of(slot))
        if declared and all(self._is_iterator(written) for written in declared):
            return False
        return slot in self._propagation.sealed or bool(declared)

    def _is_iterator(self, written: int) -> bool:
        program = self._program
        return program.forms[written] == MEMBER and program.texts[written] in program.traits[program.file_of_slot(written)].iterators
