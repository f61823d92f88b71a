"""Operators that make a value of one type of one of another, where it comes to a place of that type: `Money m = 3.5m`.

Source: ECMA-334, "User-defined conversions": those of both types and of their bases count; the most specific types decide.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from aelus.domain.facts import CONVERTED, RETURN, Parameter
from aelus.domain.linking.choosing.conversions import MISMATCH
from aelus.domain.linking.choosing.known_types import Known
from aelus.domain.linking.choosing.overloads import Overloads
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.program import Program

IMPLICIT: Final = "implicit"
"""Modifier of those that need no cast."""


class Operator(NamedTuple):
    """One of them."""

    method: int
    source: Known
    target: Known
    implicit: bool


class ConversionOperators:
    """Finds the operator that a place asks for."""

    def __init__(self, program: Program, hierarchy: Hierarchy, overloads: Overloads) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._overloads = overloads
        self._of_class: dict[int, list[Operator]] = {}
        names = {traits.conversion_operator for traits in program.languages} - {""}
        for definition, entry in enumerate(program.definitions) if names else ():
            if entry.name in names and len(entry.parameters) == 1 and entry.returns:
                self._note(definition)
        self.any = bool(self._of_class)

    def _note(self, method: int) -> None:
        program, entry, owner = self._program, self._program.definitions[method], self._hierarchy.owner.get(method, -1)
        file = program.file_of_definition[method]
        if owner < 0 or entry.name != program.traits[file].conversion_operator:
            return
        source = self._overloads.wanted(method, entry.parameters[0])
        target = self._overloads.types.declared(program.first_slot[file] + entry.returns)
        if source is not None and target is not None:
            self._of_class.setdefault(owner, []).append(Operator(method, source, target, IMPLICIT in entry.modifiers))

    def is_for(self, slot: int) -> bool:
        """Whether the language of an expression has such operators."""
        return bool(self._program.traits[self._program.file_of_slot(slot)].conversion_operator)

    def of_placement(self, slot: int) -> list[int]:
        """What runs where a value comes to a place that is written."""
        program = self._program
        place, stated = program.part(slot), program.texts[slot] == CONVERTED
        if program.forms[place] == RETURN:
            function = program.definition_of(place)
            place = program.first_slot[program.file_of_definition[function]] + program.definitions[function].returns
        written = stated or program.forms[program.part(slot)] == RETURN
        wanted = self._overloads.types.declared(place) if written else self._overloads.types.of(place)
        return self._of(program.part(slot, 1), wanted, stated=stated) if wanted is not None else []

    def of_argument(self, argument: int, definition: int, parameter: Parameter) -> list[int]:
        """What runs where an argument comes to a parameter."""
        wanted = self._overloads.wanted(definition, parameter) if parameter.kind == "positional" else None
        return self._of(argument, wanted, stated=False) if wanted is not None else []

    def _of(self, value: int, wanted: Known, *, stated: bool) -> list[int]:
        """The one that fits best; none where the language converts by itself, where a type is not known, or where several fit as well."""
        given = self._overloads.types.of(value)
        found = self._having(given, wanted) if given is not None else []
        if given is None or not found:
            return []
        match = self._overloads.conversions_of(self._program.traits[self._program.file_of_slot(value)]).match
        if match(given, wanted) > MISMATCH / 2 or (stated and match(wanted, given) > MISMATCH / 2):
            return []
        scores: dict[int, float] = {}
        for operator in found:
            taken, made = match(given, operator.source), match(operator.target, wanted)
            if stated:
                taken, made = max(taken, match(operator.source, given)), max(made, match(wanted, operator.target))
            if (stated or operator.implicit) and min(taken, made) > 0:
                scores[operator.method] = taken + made
        best = [method for method, score in scores.items() if score == max(scores.values())]
        return best if len(best) == 1 else []

    def _having(self, given: Known, wanted: Known) -> list[Operator]:
        """The operators of both types and of the bases of these."""
        owners = dict.fromkeys(base for owner in (*given.classes, *wanted.classes) for base in self._hierarchy.order(owner))
        return [operator for owner in owners for operator in self._of_class.get(owner, ())]
