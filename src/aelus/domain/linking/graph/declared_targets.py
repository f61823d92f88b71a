"""What names and members stand for by declaration, whatever values they hold."""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import FREE, IMPLICIT, LOCAL, MEMBER
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.naming.names import NOWHERE, Names, Target
from aelus.domain.linking.naming.prototypes import EXTERN
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import DEF, INSTANCE_OF, MASK, SHIFT

VARIABLE_KINDS: Final = frozenset({"Variable", "Constant", "Field"})


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
            values = self._names.static(slot)
            if any(inner & MASK == DEF and program.is_class(inner >> SHIFT) for inner in values):
                return Target((), values)
            variables = [self._defining(bound) for bound in self._named(slot).slots if self._holds(bound)]
            return Target(tuple(variables)) if variables else Target((), values)
        if form == MEMBER:
            return self._member(program.part(slot), program.texts[slot])
        return NOWHERE

    def _named(self, slot: int) -> Target:
        """What declares a name that no scope of its file does: a member of what is around it, or what is seen in the file."""
        program, name = self._program, self._program.texts[slot]
        for holder in self._names.around(program.definition_of(slot)) if program.forms[slot] == IMPLICIT else ():
            target = self._names.member(holder, name)
            if target != NOWHERE:
                return target
        return self._names.free(program.file_of_slot(slot), name)

    def _holds(self, slot: int) -> bool:
        """Whether it is a variable, and nothing that its name stands for alone."""
        bound = self._program.bound.get(slot, ())
        return any(self._program.definitions[definition].kind in VARIABLE_KINDS for definition in bound)

    def _defining(self, slot: int) -> int:
        """The variable that one which is only declared is defined as."""
        program, bound = self._program, self._program.bound
        if not all(EXTERN in program.definitions[definition].modifiers for definition in bound[slot]):
            return slot
        same = (other for other in program.sources.get(slot, ()) if other in bound and program.texts[other] == program.texts[slot])
        return next(same, slot)

    def _member(self, holder: int, name: str) -> Target:
        for inner in self._names.static(holder):
            target = self._names.member(inner, name)
            if not target.slots and not target.values and inner & MASK == DEF and self._program.is_class(inner >> SHIFT):
                target = self._of_class(inner >> SHIFT, name)
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
