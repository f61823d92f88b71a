"""What the type arguments of a receiver leave out: a `Handler<Deleted>` is no class that implements `Handler<Created>`."""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import GENERIC
from aelus.domain.linking.choosing.known_types import Known, Types
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.program import Program
from aelus.domain.linking.types.substitution import Arguments
from aelus.domain.linking.values import GENERIC_OF, MASK

OPEN: Final = frozenset({"Interface", "Trait", "TypeAlias"})
"""Kinds of types that a class may have besides its own."""


class TypeArguments:
    """Compares them."""

    def __init__(self, program: Program, hierarchy: Hierarchy, flow: ValueFlow, types: Types) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._flow = flow
        self._types = types
        self._passed: dict[tuple[int, int], list[Arguments]] = {}

    def fitting(self, holder: int, owner: int, methods: tuple[int, ...]) -> tuple[int, ...]:
        """Those of the methods whose class gives `owner` type arguments which the receiver may have."""
        if not methods or not self._program.definitions[owner].type_parameters or self._flow.is_saturated(holder):
            return methods
        receivers = [inner for inner in self._flow.values(holder) if inner & MASK == GENERIC_OF]
        given = [self._flow.generics.arguments_of(inner, owner) for inner in receivers]
        if not given or not all(given):
            return methods
        return tuple(method for method in methods if any(self._fits(arguments, method, owner) for arguments in given))

    def are_apart(self, one: int, other: int) -> bool:
        """Whether two generic types are given arguments of which each pair cannot be the same type."""
        program = self._program
        if program.forms[one] != GENERIC or program.forms[other] != GENERIC:
            return False
        mine = [program.first_of_slot[one] + part for part in program.parts[one][1:]]
        theirs = [program.first_of_slot[other] + part for part in program.parts[other][1:]]
        return any(self._are_others(a, b) for a, b in zip(mine, theirs, strict=False))

    def _are_others(self, mine: int, theirs: int) -> bool:
        """Whether two types, none of which is a type parameter, are not the same."""
        one, other = self._known(mine), self._known(theirs)
        if one is None or other is None or self._is_open(mine) or self._is_open(theirs):
            return False
        if one.classes or other.classes:
            return set(one.classes).isdisjoint(other.classes)
        return one.text != other.text

    def _is_open(self, slot: int) -> bool:
        """Whether a type is a type parameter."""
        return self._program.is_type_parameter(slot)

    def _fits(self, given: Arguments, method: int, owner: int) -> bool:
        definition = self._hierarchy.owner.get(method, owner)
        key = (definition, owner)
        passed = self._passed.get(key)
        if passed is None:
            passed = self._passed[key] = self._flow.generics.passed(definition, owner)
        return not passed or any(not self._differ_in(given, arguments) for arguments in passed)

    def _differ_in(self, given: Arguments, passed: Arguments) -> bool:
        return any(self._differ(slot, passed[name]) for name, slot in given.items() if name in passed)

    def _differ(self, mine: int, theirs: int) -> bool:
        """Whether two type arguments are known, and neither can be the other."""
        one, other = self._known(mine), self._known(theirs)
        if one is None or other is None or not (one.classes or other.classes):
            return False
        if not (one.classes and other.classes):
            plain = other if one.classes else one
            traits = self._program.traits[self._program.file_of_slot(mine)]
            return plain.text in traits.numbers or plain.text in traits.texts
        order = self._hierarchy.order
        return not any(a in order(b) or b in order(a) for a in one.classes for b in other.classes)

    def _known(self, slot: int) -> Known | None:
        """A type that is written; None for type parameters, and for what a class may be besides."""
        known = self._types.declared(slot)
        definitions = self._program.definitions
        return None if known is None or any(definitions[found].kind in OPEN for found in known.classes) else known
