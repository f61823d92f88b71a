"""Loops over instances whose class has a method that gives its block one element after the other."""

from __future__ import annotations

from collections.abc import Sequence

from aelus.domain.facts import SEQUENCE
from aelus.domain.linking.effects.summaries import Summaries
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.containers import ANY_KEY, Containers


class BlockLoops:
    """Gives such a method a block that keeps what it is given: those are the elements."""

    def __init__(self, program: Program, propagation: Propagation, containers: Containers, summaries: Summaries) -> None:
        self._program = program
        self._propagation = propagation
        self._containers = containers
        self._summaries = summaries
        self._kept: dict[int, int] = {}
        """Method → slot of the elements."""

    def take(self, slot: int, methods: Sequence[int]) -> bool:
        """The expression `slot` is what a loop that runs these methods binds; false where there are none."""
        for method in methods:
            elements = self._kept.get(method)
            if elements is None:
                elements = self._kept[method] = self._keep(method)
            self._propagation.connect(elements, slot)
        return bool(methods)

    def _keep(self, method: int) -> int:
        """Give the method a block that puts what it is given into a container; the slot of the container's elements."""
        program, file = self._program, self._program.file_of_definition[method]
        holder = self._summaries.constraints.container(SEQUENCE)
        keeping = self._summaries.method(program.slot_of_definition[method], holder, program.operation(file, "keep"))
        for parameter in program.definitions[method].parameters if keeping is not None else ():
            if parameter.kind == "block" and keeping is not None:
                self._propagation.add(program.first_slot[file] + parameter.variable, keeping)
        return self._containers.field(holder, ANY_KEY)
