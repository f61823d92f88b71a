"""Functions that are given to a method reach what overrides it: `results.map(f)` names the method of an interface, which calls nothing.

Only methods without a body pass on what they are given. Where the receiver is known better, its classes decide which methods receive it.
"""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import IMPLICIT, LOCAL, MEMBER, NEW
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.members.function_values import FunctionValues
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.signatures import ABSTRACT
from aelus.domain.linking.values import INSTANCE_OF, MASK, SHIFT

CLASSES: Final = 16
"""Subclasses whose methods are given the functions; where there are more, no method is."""
VERSIONS: Final = 8
"""Versions of a variable whose values are looked at."""
WITH_BODY: Final = frozenset({"default", "static", "private"})
"""Modifiers of methods that an interface has itself."""
NONE: Final[tuple[tuple[int, int, int], ...]] = ()


class OverridingParameters:
    """Finds the parameters for functions that overriding methods have, in languages where types say which these are."""

    def __init__(self, program: Program, hierarchy: Hierarchy, propagation: Propagation, functions: FunctionValues) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._functions = functions
        self._known: dict[int, tuple[tuple[int, int, int], ...]] = {}

    def of(self, callee: int, function: int) -> list[tuple[int, int]]:
        """(position, variable) of the parameters of overriding methods that what a call of the method gives there reaches, too."""
        known = self._known.get(function)
        if known is None:
            known = self._known[function] = self._find(function)
        meant = self._meant(callee, function) if known else None
        return [(position, variable) for method, position, variable in known if meant is None or method in meant]

    def _find(self, function: int) -> tuple[tuple[int, int, int], ...]:
        program = self._program
        if not program.traits[program.file_of_definition[function]].functional_types or not self._is_abstract(function):
            return NONE
        variables = self._variables(function)
        asking = [position for position, variable in enumerate(variables) if self._functions.is_type_of(variable)]
        if not asking:
            return NONE
        below = self._hierarchy.descendants(self._hierarchy.owner[function], CLASSES + 1)
        overriding = self._hierarchy.overriding(function, CLASSES) if len(below) <= CLASSES else ()
        theirs = [(method, self._variables(method)) for method in overriding]
        return tuple([(method, position, each[position]) for method, each in theirs for position in asking if position < len(each)])

    def _is_abstract(self, function: int) -> bool:
        """Whether a method never runs itself."""
        if function not in self._hierarchy.owner:
            return False
        modifiers = self._program.definitions[function].modifiers
        return ABSTRACT in modifiers or (self._hierarchy.kind_of_owner(function) == "Interface" and WITH_BODY.isdisjoint(modifiers))

    def _meant(self, callee: int, function: int) -> set[int] | None:
        """Methods that a call can mean by what is known of its receiver: its class, or one that it is below of; None for all."""
        made = self._made(self._program.part(callee)) if self._program.forms[callee] == MEMBER else []
        if made:
            return {method for one in made for method in self._hierarchy.methods(one, self._program.member_name(function))}
        owner, found = self._hierarchy.owner[function], set[int]()
        classes = self._declared(callee, owner)
        for one in classes:
            if one == owner or owner not in self._hierarchy.order(one):
                return None
            found.update(self._hierarchy.methods(one, self._program.member_name(function)))
            found.update(self._hierarchy.overriding(function, CLASSES, one))
        return found if classes else None

    def _made(self, holder: int) -> list[int]:
        """Classes of the instances that a variable holds, where all of them are made where it is assigned."""
        program, waiting, seen, made = self._program, [holder], {holder}, list[int]()
        while waiting:
            slot = waiting.pop()
            if program.forms[slot] == NEW:
                found = self._functions.classes_of(program.part(slot))
                made.extend(found)
            else:
                found = list(program.sources.get(slot, ())) if program.forms[slot] == LOCAL and slot not in program.parameters else []
                waiting.extend([source for source in found if source not in seen])
                seen.update(found)
            if not found or len(seen) > VERSIONS:
                return []
        return made

    def _declared(self, callee: int, owner: int) -> list[int]:
        """Classes that the receiver of a call is declared to be of."""
        program = self._program
        if program.forms[callee] == IMPLICIT:
            around = program.enclosing_classes(program.definition_of(callee))
            return [one for one in around if owner in self._hierarchy.order(one)][:1]
        holder = program.part(callee) if program.forms[callee] == MEMBER else -1
        if holder not in self._propagation.sealed:
            return []
        return [
            inner >> SHIFT for inner in self._propagation.held(holder) if inner & MASK == INSTANCE_OF and program.is_class(inner >> SHIFT)
        ]

    def _variables(self, function: int) -> list[int]:
        first = self._program.first_slot[self._program.file_of_definition[function]]
        return [first + parameter.variable for parameter in self._program.definitions[function].parameters]
