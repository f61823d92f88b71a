"""The engine of the value flow: bounded sets of values, copies between them, and reactions to new values.

It knows nothing of what the values mean; `flow` says what reacts and how.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from aelus.domain.linking.slot_tables import SlotTables
from aelus.domain.linking.values import KEY, LIBRARY_METHOD, MASK, OBJECT

VALUES_PER_SLOT: Final = 10
"""A name that can hold more is not followed any further."""
VALUES_WITH_CONTAINERS: Final = 16
"""As `VALUES_PER_SLOT`, with containers and what is taken from them: these are told apart by where they are made, so there are many."""
CONTAINED: Final = frozenset({OBJECT, LIBRARY_METHOD, KEY})
PASSING_PER_SLOT: Final = 8
"""Values of a name whose type is declared; more functions than these are left out."""
STEPS_PER_SLOT: Final = 20
"""Budget of the solver, in copies and reactions per slot of the program."""
FEW: Final = 8
"""Slots that values flow to, or reactions, which are looked through for one; of a slot that has more a set is kept."""
NONE: Final[list[int]] = []


class Propagation:
    """Runs copies and reactions to their fixed point."""

    def __init__(self, tables: SlotTables) -> None:
        self.sets: list[list[int] | None] = tables.table()
        """Values in the order in which they came: an order that followed their numbers would change with any other file."""
        self.edges: list[list[int] | None] = tables.table()
        """Slots that the values of a slot flow to."""
        self.reactions: list[list[int] | None] = tables.table()
        """Expressions that react to the values of a slot."""
        self.sealed: set[int] = set()
        """Slots whose declared type decides what they hold: nothing flows in."""
        self.passing: set[int] = set()
        """Values that flow there all the same: functions, of which a declared type says only that they are some."""
        self.containing: dict[int, int] = {}
        """Sealed slots that containers flow into → their own one, of whose elements a declared type says only that they are functions."""
        self.overloads: set[int] = set()
        """Values that count for no bound: functions that share their name with many others."""
        self.refusing: set[int] = set()
        """Slots that more has reached than is followed."""
        self.truncated = False
        """Whether the budget was used up, so that values may be missing."""
        self._many_edges: dict[int, set[int]] = {}
        self._many_reactions: dict[int, set[int]] = {}
        """Slot with more than a few → the same as in its list."""
        self._tallies: dict[int, tuple[int, int]] = {}
        """Of slots that hold many values: how many were counted, and how many of these count."""
        self._work: list[tuple[int, int]] = []
        self._due: list[tuple[int, int, int]] = []
        """(slot, value, number of the first reactions of the slot that wait for it; of a single one the complement)."""

    def held(self, slot: int) -> Sequence[int]:
        """What a slot holds by now."""
        return self.sets[slot] or ()

    def add(self, slot: int, inner: int) -> None:
        """A value reaches a slot, unless a declared type keeps it out."""
        held = self.sets[slot]
        if held is not None:
            if inner not in held:
                self._admit(slot, held, inner)
        elif slot not in self.sealed or self._passes(slot, inner):
            self.sets[slot] = [inner]
            self._work.append((slot, inner))

    def _admit(self, slot: int, held: list[int], inner: int) -> None:
        """A value that a slot does not hold reaches it, which holds some."""
        if slot in self.sealed and (not self._passes(slot, inner) or len(held) >= PASSING_PER_SLOT):
            return
        if len(held) < VALUES_PER_SLOT or inner in self.overloads or self._has_room(slot, held, inner):
            held.append(inner)
            self._work.append((slot, inner))
        else:
            self.refusing.add(slot)

    def _passes(self, slot: int, inner: int) -> bool:
        """Whether a value reaches a slot whose declared type decides what it holds."""
        return inner in self.passing or (inner & MASK == OBJECT and slot in self.containing)

    def _has_room(self, slot: int, held: list[int], inner: int) -> bool:
        """Whether a slot takes one more value that holds as many as are followed, with containers among them."""
        if len(held) >= VALUES_WITH_CONTAINERS:
            return False
        return inner & MASK in CONTAINED or self._counted(slot, held) < VALUES_PER_SLOT

    def _counted(self, slot: int, held: list[int]) -> int:
        """How many of a slot's values count for its bound. What was counted once is not looked at again: values only join."""
        seen, counted = self._tallies.get(slot, (0, 0))
        if seen < len(held):
            counted += sum(1 for inner in held[seen:] if inner & MASK not in CONTAINED and inner not in self.overloads)
            self._tallies[slot] = (len(held), counted)
        return counted

    def is_saturated(self, slot: int) -> bool:
        """Whether a slot may hold more than is followed."""
        held = self.sets[slot]
        return held is not None and len(held) >= VALUES_PER_SLOT and self._counted(slot, held) >= VALUES_PER_SLOT

    def declare(self, slot: int, inner: int) -> None:
        """A slot holds a value by declaration."""
        held = self.sets[slot]
        if held is None:
            held = self.sets[slot] = []
        if inner not in held:
            held.append(inner)
            self._work.append((slot, inner))

    def copy(self, source: int, target: int) -> None:
        """All values of `source` reach `target`; for use before the run, where no value is there yet to be copied."""
        targets = self.edges[source]
        if targets is None:
            self.edges[source] = [target]
        else:
            targets.append(target)

    def connect(self, source: int, target: int) -> None:
        """As `copy`, at any time; nothing where it is known that they do."""
        if source == target:
            return
        targets = self.edges[source]
        if targets is None:
            self.edges[source] = [target]
        elif not _joins(targets, target, self._many_edges, source):
            return
        values = self.sets[source]
        if values is not None:
            self._add_all(target, values)

    def _add_all(self, slot: int, values: list[int]) -> None:
        """As `add`, for all values of another slot."""
        held = self.sets[slot]
        if held is None and len(values) <= VALUES_PER_SLOT and slot not in self.sealed:
            self.sets[slot] = values.copy()
            self._work.extend([(slot, inner) for inner in values])
            return
        for inner in values.copy():
            if held is None or inner not in held:
                self.add(slot, inner)

    def subscribe(self, source: int, reaction: int) -> None:
        """The expression `reaction` reacts to all values of `source`, at any time; nothing where it is known that it does."""
        reactions = self.reactions[source]
        if reactions is None:
            self.reactions[source] = [reaction]
        elif not _joins(reactions, reaction, self._many_reactions, source):
            return
        held = self.sets[source]
        if held is not None:
            self._due.extend([(source, inner, -1 - reaction) for inner in held])

    def react(self, source: int, reaction: int) -> None:
        """As `subscribe`; for use before the run, where no value is there yet to be reacted to."""
        reactions = self.reactions[source]
        if reactions is None:
            self.reactions[source] = [reaction]
        else:
            reactions.append(reaction)

    def run(self, react: Callable[[int, int], None], slots: int) -> None:
        """Work until nothing changes or the budget is used up. `react(slot, value)` lets an expression react.

        Reactions wait until nothing is left to copy, so that most slots that can hold too much are known as such before they cost anything.
        """
        budget = STEPS_PER_SLOT * slots + 100_000
        reactions, sets = self.reactions, self.sets
        while budget > 0:
            budget -= self._spread()
            due, self._due = self._due, []
            if not due:
                return
            for slot, inner, first in due:
                if len(sets[slot] or ()) < VALUES_PER_SLOT or self._counts(slot, inner):
                    if first < 0:
                        budget -= 1
                        react(~first, inner)
                        continue
                    budget -= first
                    waiting = reactions[slot] or NONE
                    for number in range(first):
                        react(waiting[number], inner)
        self.truncated = True

    def keep_values(self) -> None:
        """Nothing flows any more: leave the room that it took to what is made of the values."""
        self.edges[:] = [None] * len(self.edges)
        self.reactions[:] = [None] * len(self.reactions)
        self._many_edges.clear()
        self._many_reactions.clear()

    def _counts(self, slot: int, inner: int) -> bool:
        """Whether a slot's value is worth a reaction: in one that can hold too much only what came first, its own value."""
        return not self.is_saturated(slot) or slot in self.sealed or self.held(slot)[0] == inner

    def _spread(self) -> int:
        """Copy what is new to where it flows, and note the reactions that wait for it. Returns the number of copies."""
        work, due, edges, reactions = self._work, self._due, self.edges, self.reactions
        sets, sealed = self.sets, self.sealed
        copies = 0
        while work:
            slot, inner = work.pop()
            waiting = reactions[slot]
            if waiting is not None:
                due.append((slot, inner, len(waiting)))
            targets = edges[slot]
            if targets is None:
                continue
            copies += len(targets)
            for target in targets:
                held = sets[target]
                if held is None:
                    if target not in sealed or self._passes(target, inner):
                        sets[target] = [inner]
                        work.append((target, inner))
                elif inner not in held:
                    if len(held) < VALUES_PER_SLOT and target not in sealed:
                        held.append(inner)
                        work.append((target, inner))
                    else:
                        self._admit(target, held, inner)
        return copies


def _joins(entries: list[int], entry: int, many: dict[int, set[int]], slot: int) -> bool:
    """Append what a slot's list does not have; false where it has it. Lists grow long: a set says of these what they have."""
    if len(entries) < FEW:
        if entry in entries:
            return False
    else:
        known = many.get(slot)
        if known is None:
            known = many[slot] = set(entries)
        if entry in known:
            return False
        known.add(entry)
    entries.append(entry)
    return True
