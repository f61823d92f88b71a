"""Methods that run before another one: `guard.peek()` runs `deref`, where `Guard` has no `peek` and stands for what has."""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import MEMBER
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.program import Program

PLAIN: Final = "dereference"
CHANGING: Final = "dereference_changing"
DEPTH: Final = 4
"""Instances that stand for each other one behind the other."""


class Dereferences:
    """Finds them by what is called in the end."""

    def __init__(self, program: Program, hierarchy: Hierarchy, flow: ValueFlow) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._flow = flow
        known = {name for traits in program.languages for operation, name in traits.protocols if operation in (PLAIN, CHANGING)}
        self._any = any(entry.name in known for entry in program.definitions) if known else False

    def of(self, callee: int, method: int) -> list[int]:
        """Methods that run where a member is called that means `method`."""
        program = self._program
        if not self._any or program.forms[callee] != MEMBER or self._flow.is_saturated(holder := program.part(callee)):
            return []
        file = program.file_of_slot(callee)
        plain, changing = program.operation(file, PLAIN), program.operation(file, CHANGING)
        owner = self._hierarchy.owner[method]
        signature = program.definitions[method].signature
        word = program.traits[file].changed_receiver
        changes = bool(word) and word in signature.partition(")")[0]
        found, classes = list[int](), self._flow.instances(holder)
        for _ in range(DEPTH):
            if len(classes) != 1 or owner in self._hierarchy.order(classes[0]):
                return found
            run = (changes and self._hierarchy.methods(classes[0], changing)) or self._hierarchy.methods(classes[0], plain)
            if len(run) != 1:
                return []
            found.append(run[0])
            classes = self._flow.instances(program.return_slot(run[0]))
        return []
