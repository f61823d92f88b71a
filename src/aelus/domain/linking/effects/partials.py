"""Functions with some of their arguments, and what stands for a function of the library that is to be called later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from aelus.domain.facts import CALL, UNKNOWN
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.values import PARTIAL, SHIFT, value

if TYPE_CHECKING:
    from aelus.domain.linking.effects.summaries import Summaries


class Partials:
    """Keeps them by number, and lets calls of them be calls of what they stand for."""

    def __init__(self, summaries: Summaries, program: Program, propagation: Propagation) -> None:
        self._summaries = summaries
        self._program = program
        self._propagation = propagation
        self._kept: list[tuple[int, tuple[int, ...], Mapping[str, int], int]] = []
        self._laters: dict[int, str] = {}
        """Number of what stands for a function of the library → its name."""

    def keep(self, callee: int, given: tuple[int, ...], keywords: Mapping[str, int], receiver: int = -1) -> int:
        """A function with some of its arguments."""
        self._kept.append((callee, given, keywords, receiver))
        kept = value(PARTIAL, len(self._kept) - 1)
        self._propagation.passing.add(kept)
        return kept

    def later(self, name: str, given: tuple[int, ...]) -> int:
        """A function that does what one of the library does with these arguments and its own."""
        self._laters[len(self._kept)] = name
        return self.keep(UNKNOWN, given, {})

    def call(self, slot: int, number: int) -> None:
        """A call of one of them."""
        if not self._summaries.calls.once(slot, -1 - (number << SHIFT)):
            return
        callee, given, keywords, receiver = self._kept[number]
        program = self._program
        arguments = tuple(program.first_of_slot[slot] + part for part in program.parts[slot][1:])
        if number in self._laters:
            self._propagation.connect(self._apply(slot, (*given, *arguments), self._laters[number]), slot)
            return
        names = ",".join(filter(None, (program.texts[slot], *keywords)))
        made = self._summaries.calls.make_call(slot, callee, (*given, *arguments, *keywords.values()), names)
        self._propagation.connect(made, slot)
        if receiver >= 0:
            self._summaries.calls.receivers[made] = receiver

    def _apply(self, site: int, arguments: tuple[int, ...], name: str) -> int:
        """Do what the library's function `name` does, at a call of what stands for it; the slot of what that yields."""
        nothing, named = self._summaries.calls.nothing, self._program.forms[site] == CALL
        made = self._summaries.calls.make_call(site, nothing, arguments, self._program.texts[site] if named else "")
        if made != nothing:
            # what stands for a function is no call of its own
            self._program.depths[made] = self._program.depths.get(site, 0)
            self._summaries.apply_named(made, name)
        return made
