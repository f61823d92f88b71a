"""What code from elsewhere returns, of which nothing is known but where it comes from: `const app = express()`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aelus.domain.facts import AWAIT, CALL, LOCAL, MEMBER, NEW
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.graph.origins import Origins
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import EXTERNAL, MASK

STEPS: Final = 6
"""Calls, variables and members between a receiver and the call of what is from elsewhere."""
SOURCES: Final = 8
"""Values of one variable that are looked at."""


class OutsideResults:
    """Follows receivers back to the call that gave them."""

    def __init__(self, program: Program, flow: ValueFlow, origins: Origins) -> None:
        self._program = program
        self._flow = flow
        self._origins = origins

    def holds(self, slot: int, steps: int = STEPS) -> bool:
        """Whether an expression of which no value is known stands for such a result, or for a member of one."""
        program, form = self._program, self._program.forms[slot]
        if steps == 0:
            return False
        if form in (CALL, NEW):
            return self._gives(program.part(slot), steps - 1)
        if form in (AWAIT, MEMBER) and self.holds(program.part(slot), steps - 1):
            return True
        return any(self.holds(source, steps - 1) for source in self._sources(slot, form)[:SOURCES])

    def _gives(self, callee: int, steps: int) -> bool:
        values = self._flow.values(callee)
        if values:
            return all(inner & MASK == EXTERNAL for inner in values)
        return self._program.forms[callee] == MEMBER and self.holds(self._program.part(callee), steps)

    def _sources(self, slot: int, form: int) -> Sequence[int]:
        """What is assigned to a variable, or to a member of the receiver."""
        program = self._program
        if form == LOCAL:
            return program.sources.get(program.variable_of(slot), ())
        return self._origins.assigned(slot) if form == MEMBER else ()
