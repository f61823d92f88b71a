"""Which of the functions that a name holds are overloads of each other, so that a call means one of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from aelus.domain.facts import FREE, IMPLICIT, LOCAL, MEMBER
from aelus.domain.linking.choosing.overloads import Overloads
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.naming.prototypes import DECLARATION
from aelus.domain.linking.program import Program
from aelus.domain.linking.types.generic_functions import GenericFunctions
from aelus.domain.linking.values import BOUND, DEF, MASK, SHIFT

BARE: Final = (FREE, IMPLICIT, LOCAL)
"""Names without what they belong to: functions of all namespaces that are seen there are overloads of each other."""
SIGNATURES: Final = frozenset({"overload", DECLARATION})
"""Modifiers of what has its body elsewhere."""


class OverloadGroups:
    """Sorts the values of a callee."""

    def __init__(
        self, program: Program, hierarchy: Hierarchy, overloads: Overloads, qualified_names: Sequence[str], generic: GenericFunctions
    ) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._overloads = overloads
        self._generic = generic
        self._qualified_names = qualified_names

    def fitting(self, slot: int, values: Sequence[int], caller: int) -> Iterable[int]:
        """Of overloads (functions of one qualified name), those that the call can mean."""
        if len(values) == 1:
            return values if self._fits(slot, values[0], caller) else ()
        groups: dict[str, list[int]] = {}
        others: list[int] = []
        bare = self._program.traits[self._program.file_of_slot(slot)].templates and self._program.forms[self._program.part(slot)] in BARE
        for inner in values:
            if inner & MASK == BOUND and self._is_taken(slot, inner >> SHIFT):
                others.append(inner)
            elif inner & MASK in (DEF, BOUND) and self._program.is_function(inner >> SHIFT):
                if not self._generic.may_run(slot, inner >> SHIFT):
                    continue
                key = self._program.definitions[inner >> SHIFT].name if bare else self._key(inner >> SHIFT)
                groups.setdefault(key, []).append(inner)
            else:
                others.append(inner)
        for overloads in map(self._implementations, self._joined(list(groups.values()))):
            fitting = set(self._overloads.choose(slot, [inner >> SHIFT for inner in overloads], caller))
            others.extend(inner for inner in overloads if inner >> SHIFT in fitting)
        return others

    def _fits(self, slot: int, inner: int, caller: int) -> bool:
        """Whether the call can mean a value beside which the callee has no other."""
        definition = inner >> SHIFT
        if inner & MASK not in (DEF, BOUND) or not self._program.is_function(definition):
            return True
        if inner & MASK == BOUND and self._is_taken(slot, definition):
            return True
        return self._generic.may_run(slot, definition) and definition in self._overloads.choose(slot, [definition], caller)

    def _is_taken(self, slot: int, definition: int) -> bool:
        """Whether a method is called as a function, by another name, with its receiver as the first argument."""
        program, callee = self._program, self._program.part(slot)
        if program.forms[callee] != MEMBER or program.texts[callee] == program.definitions[definition].name:
            return False
        given = len(program.parts[slot]) - 1
        receives = given > 0 and program.is_function(definition) and program.traits[program.file_of_slot(slot)].functional_types
        return (
            receives
            and "static" not in program.definitions[definition].modifiers
            and self._hierarchy.signatures.takes(definition, given - 1)
        )

    def _key(self, definition: int) -> str:
        """Functions are overloads of each other by their qualified names; those that are inherited, by their names."""
        inherits = self._program.traits[self._program.file_of_definition[definition]].inherits_overloads
        if inherits and definition in self._hierarchy.owner:
            return self._program.definitions[definition].name
        return self._qualified_names[definition]

    def _joined(self, groups: list[list[int]]) -> list[list[int]]:
        """Functions of a base class that a class adds to its own of that name are overloads of these."""
        if len(groups) == 1:
            return groups
        joined: list[list[int]] = []
        owning, above = dict[tuple[str, int], int](), dict[tuple[str, int], int]()
        """(name, class) → first group of it that the class has itself, or that one below it has."""
        for group in groups:
            name, owner = self._program.definitions[group[0] >> SHIFT].name, self._hierarchy.owner.get(group[0] >> SHIFT, -1)
            order = self._hierarchy.order(owner) if owner >= 0 else ()
            known = [owning[name, base] for base in order if (name, base) in owning]
            if (name, owner) in above:
                known.append(above[name, owner])
            if known:
                joined[min(known)].extend(group)
                continue
            for base in order:
                above.setdefault((name, base), len(joined))
            if owner >= 0:
                owning.setdefault((name, owner), len(joined))
            joined.append(group)
        return joined

    def _implementations(self, overloads: list[int]) -> list[int]:
        """Of signatures and the function that they are for, the function."""
        bodies = [inner for inner in overloads if SIGNATURES.isdisjoint(self._program.definitions[inner >> SHIFT].modifiers)]
        defined = {len(self._program.definitions[inner >> SHIFT].parameters) for inner in bodies}
        return [
            inner
            for inner in overloads
            if inner in bodies
            or not bodies
            or (DECLARATION in (entry := self._program.definitions[inner >> SHIFT]).modifiers and len(entry.parameters) not in defined)
        ]
