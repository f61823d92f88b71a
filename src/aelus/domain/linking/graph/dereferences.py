"""Methods that run before another one: `guard.peek()` runs `deref`, where `Guard` has no `peek` and stands for what has."""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import MEMBER
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.program import Program

DEPTH: Final = 4
"""Instances that stand for each other one behind the other."""


class Dereferences:
    """Finds them by what is called in the end."""

    def __init__(self, program: Program, hierarchy: Hierarchy, flow: ValueFlow) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._flow = flow
        tables = [dict(traits.protocols) for traits in program.traits]
        self._names = [(table.get("dereference", ""), table.get("dereference_changing", "")) for table in tables]
        known = {name for pair in self._names for name in pair} - {""}
        self._any = any(entry.name in known for entry in program.definitions) if known else False

    def of(self, callee: int, method: int) -> list[int]:
        """Methods that run where a member is called that means `method`."""
        program = self._program
        if not self._any or program.forms[callee] != MEMBER or self._flow.is_saturated(holder := program.part(callee)):
            return []
        plain, changing = self._names[program.file_of_slot(callee)]
        owner = self._hierarchy.owner[method]
        signature = program.definitions[method].signature
        word = program.traits[program.file_of_slot(callee)].changed_receiver
        changes = bool(word) and word in signature.partition(")")[0]
        found, classes = list[int](), self._flow.instances(holder)
        for _ in range(DEPTH):
            if len(classes) != 1 or owner in self._hierarchy.order(classes[0]):
                return found if classes else []
            run = (changes and self._hierarchy.methods(classes[0], changing)) or self._hierarchy.methods(classes[0], plain)
            if len(run) != 1:
                return []
            found.append(run[0])
            classes = self._flow.instances(program.return_slot(run[0]))
        return []
