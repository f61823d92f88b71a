"""Loops over functions: what such a function gives the one that it is given, which stands for the body of the loop."""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import FUNCTION_TYPE, SEQUENCE
from aelus.domain.linking.effects.summaries import Summaries
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.containers import Containers
from aelus.domain.linking.types.declarations import Declarations
from aelus.domain.linking.values import BOUND, DEF, FUNCTION_OF, MASK, SHIFT

YIELDS: Final = "yields"


class FunctionLoops:
    """Gives the function a body that keeps what it is given."""

    def __init__(
        self, program: Program, propagation: Propagation, containers: Containers, summaries: Summaries, declarations: Declarations
    ) -> None:
        self._program = program
        self._propagation = propagation
        self._containers = containers
        self._summaries = summaries
        self._declarations = declarations
        self._kept: dict[int, int] = {}
        """Function → container of what it gives, by its place; -1 for one that is given no body."""

    def take(self, slot: int, holder: int, place: int) -> None:
        """The expression `slot` is what the body is given at a place."""
        tag, index = holder & MASK, holder >> SHIFT
        if not self._program.operation(self._program.file_of_slot(slot), YIELDS):
            return
        if tag == FUNCTION_OF:
            self._take_declared(slot, index, place)
        elif tag in (DEF, BOUND) and self._program.is_function(index):
            if index not in self._kept:
                self._kept[index] = self._keep(index)
            if self._kept[index] >= 0:
                self._propagation.connect(self._containers.field(self._kept[index], str(place)), slot)

    def _take_declared(self, slot: int, declared: int, place: int) -> None:
        """What the type of a function says of it."""
        program = self._program
        body = program.part(declared, 1) if len(program.parts[declared]) > 1 else -1
        if body >= 0 and program.forms[body] == FUNCTION_TYPE and len(program.parts[body]) > place + 1:
            self._declarations.hold(program.part(body, place + 1), slot)

    def _keep(self, function: int) -> int:
        program, file = self._program, self._program.file_of_definition[function]
        parameters, yields = program.definitions[function].parameters, program.operation(file, YIELDS)
        if not yields or len(parameters) != 1:
            return -1
        holder = self._summaries.constraints.container(SEQUENCE)
        keeping = self._summaries.method(program.slot_of_definition[function], holder, yields)
        if keeping is not None:
            self._propagation.add(program.first_slot[file] + parameters[0].variable, keeping)
        return holder
