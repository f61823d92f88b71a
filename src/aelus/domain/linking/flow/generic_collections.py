"""Instances of generic classes that extend the language's containers: a `Tree<Key>` that is an `IEnumerable<T>` holds keys."""

from __future__ import annotations

from aelus.domain.facts import GENERIC
from aelus.domain.linking.classes.container_classes import FORMS, ContainerClasses
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.generics import Generics
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.types.containers import ANY_KEY, Containers
from aelus.domain.linking.types.substitution import Substitution
from aelus.domain.linking.values import DEF, MASK, OBJECT, SHIFT, value


class GenericCollections:
    """Has a container for each of them, by their type arguments."""

    def __init__(
        self,
        program: Program,
        names: Names,
        hierarchy: Hierarchy,
        generics: Generics,
        substitution: Substitution,
        containers: Containers,
        classes: ContainerClasses,
    ) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._generics = generics
        self._substitution = substitution
        self._containers = containers
        self._classes = classes
        self._known: dict[int, int] = {}

    def of(self, receiver: int) -> int:
        """The container that an instance of a generic class is; -1 for other ones."""
        known = self._known.get(receiver)
        if known is None:
            known = self._known[receiver] = self._find(receiver)
        return known

    def _find(self, receiver: int) -> int:
        program = self._program
        for inner in self._names.static(receiver >> SHIFT):
            if inner & MASK != DEF or not program.is_class(inner >> SHIFT):
                continue
            for owner in self._hierarchy.order(inner >> SHIFT):
                for kind, base in self._classes.bases_of(owner):
                    if program.forms[base] == GENERIC:
                        return self._make(receiver, owner, kind, base)
        return -1

    def _make(self, receiver: int, owner: int, kind: str, base: int) -> int:
        program = self._program
        made = value(OBJECT, program.derived_slot(base, FORMS[kind], "", ()))
        element = program.first_of_slot[base] + program.parts[base][-1]
        self._substitution.hold(element, self._generics.arguments_of(receiver, owner), self._containers.field(made, ANY_KEY))
        return made
