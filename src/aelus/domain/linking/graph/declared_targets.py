"""What names and members stand for by declaration, whatever values they hold."""

from __future__ import annotations

from aelus.domain.facts import FREE, IMPLICIT, LOCAL, MEMBER
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.naming.names import NOWHERE, Names, Target
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import INSTANCE_OF, MASK, SHIFT


class DeclaredTargets:
    """Looks declarations up."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, flow: ValueFlow) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._flow = flow
        self._members: dict[tuple[int, str], Target] = {}
        """By class and name."""

    def target(self, slot: int) -> Target:
        """What a name or member stands for."""
        program = self._program
        form = program.forms[slot]
        if form == LOCAL:
            slot = program.variable_of(slot)
            statements = program.imports.get(slot)
            return self._names.imported(*statements[0]) if statements else Target((slot,) if slot in program.bound else ())
        if form in (FREE, IMPLICIT):
            return Target((), self._names.static(slot))
        if form == MEMBER:
            return self._member(program.part(slot), program.texts[slot])
        return NOWHERE

    def _member(self, holder: int, name: str) -> Target:
        for inner in self._names.static(holder):
            target = self._names.member(inner, name)
            if target.slots or target.values:
                return target
        for inner in self._flow.values(holder):
            if inner & MASK == INSTANCE_OF:
                return self._of_class(inner >> SHIFT, name)
        return NOWHERE

    def _of_class(self, definition: int, name: str) -> Target:
        known = self._members.get((definition, name))
        if known is None:
            slot = self._hierarchy.declaring(definition, name)
            known = self._members[definition, name] = Target((slot,)) if slot in self._program.bound else NOWHERE
        return known
