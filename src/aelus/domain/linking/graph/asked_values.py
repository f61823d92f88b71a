"""Methods that run when a value is asked for something, without being named: its truth, a text, its end."""

from __future__ import annotations

from typing import Final

from aelus.domain.linking.choosing.qualifiers import Qualifiers
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program

OF_ITSELF: Final = frozenset({"truth", "pointed", "stands_for"})
"""What a pointer answers itself."""
DESTROY: Final = "destroy"
BELOW_LIMIT: Final = 64
"""Subclasses whose destructors may run in place of that of a class."""


class AskedValues:
    """Finds them by the classes of the value."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, flow: ValueFlow) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._flow = flow
        self._qualifiers = Qualifiers(program, names, hierarchy, flow)

    def methods(self, slot: int, kind: str) -> dict[int, None]:
        """What runs. A pointer is true or false by itself, and no operator."""
        traits = self._program.traits[self._program.file_of_slot(slot)]
        answer, takes = self._flow.protocols.of_instance, self._hierarchy.signatures.takes
        found = dict.fromkeys(method for definition in self._flow.instances(slot) for method in answer(definition, kind))
        if not found or not traits.pointers:
            return found
        if kind in OF_ITSELF and not self._qualifiers.is_itself(slot):
            return {}
        return {method: None for method in found if takes(method, 0)}

    def overriding(self, slot: int, kind: str) -> dict[int, None]:
        """Destructors of subclasses that may run in place of a virtual one."""
        found, answer = dict[int, None](), self._flow.protocols.of_instance
        for definition in self._flow.instances(slot) if kind == DESTROY else ():
            word = self._program.traits[self._program.file_of_definition[definition]].virtual
            owners = self._hierarchy.order(definition)
            destructors = (method for owner in owners for method in answer(owner, kind))
            if word and any(word in self._program.definitions[method].modifiers for method in destructors):
                below = self._hierarchy.descendants(definition, BELOW_LIMIT)
                found.update((method, None) for sub in below for method in answer(sub, kind) if self._hierarchy.owner.get(method) == sub)
        return found
