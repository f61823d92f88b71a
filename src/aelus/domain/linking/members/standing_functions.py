"""`this` in the methods that an interface has itself, where a function stands for the interface: it is the function."""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import IMPLICIT, THIS
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.values import INSTANCE_OF, MASK, SHIFT

NONE: Final[list[int]] = []


class StandingFunctions:
    """Lets functions reach the words for the receiver, and bare names of the method that the interface asks for."""

    def __init__(self, program: Program, hierarchy: Hierarchy, propagation: Propagation) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._words: dict[int, list[int]] | None = None
        """Interface → the words for its receiver."""

    def enter(self, member: int, function: int) -> None:
        """A member of a function is called that the interface has which it stands for, as the expression `member` says."""
        program, name = self._program, self._program.texts[member]
        for inner in tuple(self._propagation.held(program.part(member))):
            index = inner >> SHIFT
            if inner & MASK != INSTANCE_OF or not program.is_class(index) or program.definitions[index].kind != "Interface":
                continue
            asked = self._hierarchy.asked_method(index)
            if asked is not None and asked >= 0 and program.definitions[asked].name != name and self._hierarchy.methods(index, name):
                for word in self._of(index):
                    self._propagation.add(word, function)

    def _of(self, interface: int) -> list[int]:
        if self._words is None:
            self._words = self._find()
        return self._words.get(interface, NONE)

    def _find(self) -> dict[int, list[int]]:
        program, found = self._program, dict[int, list[int]]()
        for slot in (*program.by_form[THIS], *program.by_form[IMPLICIT]):
            around = next(iter(program.enclosing_classes(program.definition_of(slot))), -1)
            if around < 0 or program.definitions[around].kind != "Interface":
                continue
            asked = self._hierarchy.asked_method(around)
            if asked is None or asked < 0:
                continue
            if program.forms[slot] == THIS or program.texts[slot] == program.definitions[asked].name:
                found.setdefault(around, []).append(slot)
        return found
