"""Calls that the type decides which is expected of them: `let a: A = b.into()` runs the function of `A` that takes a `B`."""

from __future__ import annotations

from collections.abc import Sequence

from aelus.domain.facts import CALL
from aelus.domain.linking.choosing.overloads import Overloads
from aelus.domain.linking.program import Program
from aelus.domain.linking.types.contexts import Contexts


class ConvertedCalls:
    """Chooses among the methods of expected types."""

    def __init__(self, program: Program, contexts: Contexts, overloads: Overloads) -> None:
        self._program = program
        self._contexts = contexts
        self._overloads = overloads
        self.any = bool(contexts.converted)
        """Whether there is any such call."""

    def of(self, slot: int, caller: int) -> Sequence[int]:
        """The method that a call in `caller` runs; none where that is not certain."""
        program, methods = self._program, self._contexts.converted.get(slot)
        if not methods:
            return ()
        if not any(methods.values()):
            return list(methods) if len(methods) == 1 else ()
        callee = program.part(slot)
        given = program.derived_slot(slot, CALL, "", (callee, program.part(callee)))
        found = self._overloads.certain(given, list(methods), caller)
        return found if len(found) == 1 else ()
