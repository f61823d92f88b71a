"""Methods that run when a value is asked for something, without being named: its truth, a text, its end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from aelus.domain.facts import CALL, LOCAL
from aelus.domain.linking.choosing.qualifiers import POINTER, REFERENCE, WRAPPED, Qualifiers
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import DEF, MASK, SHIFT

OF_ITSELF: Final = frozenset({"truth", "pointed", "stands_for"})
"""What a pointer answers itself."""
DESTROY: Final = "destroy"
LEAVE: Final = "leave"
"""The end of the block that a variable is declared in."""
DEFAULTED: Final = "defaulted"
"""Modifier of methods that the compiler makes."""
BELOW_LIMIT: Final = 64
"""Subclasses whose destructors may run in place of that of a class."""


class AskedValues:
    """Finds them by the classes of the value."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, flow: ValueFlow) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._flow = flow
        self._names = names
        self._qualifiers = Qualifiers(program, names, hierarchy, flow)
        returns = program.returns.values() if any(LEAVE in dict(traits.protocols) for traits in program.languages) else ()
        sources = (source for slot in returns for source in program.sources.get(slot, ()))
        self._returned = frozenset(program.variable_of(source) for source in sources if program.forms[source] == LOCAL)

    def methods(self, slot: int, kind: str) -> dict[int, None]:
        """What runs. A pointer is true or false by itself, and no operator."""
        traits = self._program.traits[self._program.file_of_slot(slot)]
        answer, takes = self._flow.protocols.of_instance, self._hierarchy.signatures.takes
        if kind == LEAVE:
            left = (method for definition in self._kept(slot) for method in answer(definition, kind))
            return dict.fromkeys(method for method in left if DEFAULTED not in self._program.definitions[method].modifiers)
        found = dict.fromkeys(method for definition in self._flow.instances(slot) for method in answer(definition, kind))
        if not found or not traits.pointers:
            return found
        if kind in OF_ITSELF and not self._qualifiers.is_itself(slot):
            return {}
        return {method: None for method in found if takes(method, 0)}

    def _kept(self, slot: int) -> list[int]:
        """The class that a variable itself is an instance of, which a pointer or reference is not; one that is returned lives on."""
        program = self._program
        variable = program.variable_of(slot) if program.forms[slot] == LOCAL else -1
        if variable < 0 or variable in self._returned:
            return []
        types = self._qualifiers.types(variable) or self._qualifiers.types(slot)
        if types:
            marked = any(self._qualifiers.has(variable, mark) for mark in (POINTER, REFERENCE, WRAPPED))
            return [] if marked else self._classes(types)
        sources = list(dict.fromkeys([*program.sources.get(slot, ()), *program.sources.get(variable, ())]))
        made = len(sources) == 1 and program.forms[sources[0]] == CALL
        return self._classes([program.part(sources[0])]) if made else []

    def _classes(self, slots: Iterable[int]) -> list[int]:
        found = (inner for slot in slots for inner in self._names.static(slot))
        return [inner >> SHIFT for inner in found if inner & MASK == DEF and self._program.is_class(inner >> SHIFT)]

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
