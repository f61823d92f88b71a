"""What only shows when nearly all is known, in languages with pointers: arrays that nothing makes, operators of right operands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.arrays import Arrays
from aelus.domain.linking.flow.right_operands import RightOperands
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.containers import Containers

ROUNDS: Final = 4
"""Functions may come out of one array and go into another, operators give operands to others."""


class Pointers:
    """Settles it."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, propagation: Propagation, containers: Containers) -> None:
        self._program = program
        self._propagation = propagation
        self._arrays = Arrays(program, names, hierarchy, propagation, containers)
        self._operands = RightOperands(program, names, hierarchy, propagation)

    def settle(self, react: Callable[[int, int], None]) -> None:
        """Let what is found flow, until nothing more is."""
        for _ in range(ROUNDS):
            arrays, operands = self._arrays.settle(), self._operands.settle()
            if not arrays and not operands:
                return
            self._propagation.run(react, self._program.file_slots)
