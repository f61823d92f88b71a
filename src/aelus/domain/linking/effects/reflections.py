"""Operators that the right operand answers: where the left one has no method for them, or one that refuses."""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import CALL, FREE, MEMBER
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.effects.library_calls import LibraryCalls
from aelus.domain.linking.program import REFLECT, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.signatures import ALTERNATIVE
from aelus.domain.linking.values import INSTANCE_OF, MASK, SHIFT

OPERANDS: Final = 2


class Reflections:
    """Lets the left operands of operators decide whether the right one is asked."""

    def __init__(self, program: Program, hierarchy: Hierarchy, propagation: Propagation, calls: LibraryCalls) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._calls = calls
        self._operations: dict[int, int] = {}
        """Step → the call that the operator is."""
        self._tables = {traits.name: dict(traits.reflections) for traits in program.languages}
        self._refusing: dict[int, bool] = {}

    def seed(self) -> None:
        """Find the operators that right operands may answer; most programs have no method for that."""
        program = self._program
        defined = {entry.name for entry in program.definitions}
        asked = {name for table in self._tables.values() for name, answer in table.items() if answer.strip(ALTERNATIVE) in defined}
        for slot, callee in program.with_first_parts(CALL) if asked else ():
            if program.texts[callee] not in asked or program.forms[callee] != MEMBER or len(program.parts[slot]) != OPERANDS:
                continue
            if self._reflected(callee).strip(ALTERNATIVE) in defined:
                step = program.derived_slot(slot, REFLECT, "", (program.part(callee),))
                self._operations[step] = slot
                self._propagation.react(program.part(callee), step)

    def _reflected(self, callee: int) -> str:
        table = self._tables[self._program.traits[self._program.file_of_slot(callee)].name]
        return table.get(self._program.texts[callee], "")

    def take(self, step: int, inner: int) -> None:
        """Such an operator meets a value of its left operand."""
        slot, program = self._operations[step], self._program
        callee = program.part(slot)
        if inner & MASK == INSTANCE_OF and self._is_refused(inner >> SHIFT, program.texts[callee]) and self._calls.once(step, 0):
            right = program.part(slot, 1)
            asked = program.derived_slot(slot, MEMBER, self._reflected(callee), (right,))
            self._propagation.subscribe(right, asked)
            self._propagation.connect(self._calls.make_call(slot, asked, (program.part(callee),), ""), slot)

    def _is_refused(self, definition: int, names: str) -> bool:
        """Whether a class has no method for an operator, or one that may refuse."""
        if self._hierarchy.external_bases_of(definition):
            return False
        methods = next((found for name in names.split(ALTERNATIVE) if (found := self._hierarchy.methods(definition, name))), [])
        return not methods or any(map(self._refuses, methods))

    def _refuses(self, method: int) -> bool:
        known = self._refusing.get(method)
        if known is None:
            program = self._program
            word = program.traits[program.file_of_definition[method]].refusal
            sources = program.sources.get(program.return_slot(method), ())
            known = self._refusing[method] = any(program.forms[s] == FREE and program.texts[s] == word for s in sources)
        return known
