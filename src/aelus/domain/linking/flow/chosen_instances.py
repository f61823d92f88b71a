"""Constructors that return instances of other classes than the one that is called: `def __new__(cls, kind): return Circle()`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aelus.domain.facts import CALL, MEMBER
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.values import DEF, MASK, SHIFT


class ChosenInstances:
    """Lets what they return be what calling the class yields."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, propagation: Propagation) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._known: dict[int, tuple[Sequence[int], bool]] = {}
        """Constructor → what it returns that is of other classes, and whether that is all."""

    def take(self, slot: int, constructors: Iterable[int]) -> bool:
        """What a call of a class yields of other classes; whether it yields nothing else."""
        complete = False
        for constructor in constructors:
            if self._hierarchy.makes(constructor):
                sources, is_all = self._returned(constructor)
                complete = complete or is_all
                for source in sources:
                    self._propagation.connect(source, slot)
        return complete

    def _returned(self, constructor: int) -> tuple[Sequence[int], bool]:
        known = self._known.get(constructor)
        if known is None:
            sources = self._program.sources.get(self._program.returns.get(constructor, -1), ())
            others = [source for source in sources if self._is_other(source, constructor)]
            known = self._known[constructor] = (others, bool(others) and len(others) == len(sources))
        return known

    def _is_other(self, source: int, constructor: int) -> bool:
        """Whether a returned value is made of a class by its name, or by the constructor of a base that is given one."""
        program = self._program
        if program.forms[source] != CALL:
            return False
        callee = program.part(source)
        if program.forms[callee] == MEMBER and program.texts[callee] == program.definitions[constructor].name:
            return len(program.parts[source]) > 1 and self._names_classes(program.part(source, 1))
        return self._names_classes(callee)

    def _names_classes(self, slot: int) -> bool:
        named = self._names.static(slot)
        return bool(named) and all(inner & MASK == DEF and self._program.is_class(inner >> SHIFT) for inner in named)
