"""Applies what the library is known to do to the calls of a program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aelus.domain.facts import CONSTANT, ITERATE, LITERAL, MAPPING, MEMBER, SEQUENCE
from aelus.domain.linking.effects.constraints import Constraints
from aelus.domain.linking.effects.library_calls import LibraryCalls
from aelus.domain.linking.effects.partials import Partials
from aelus.domain.linking.effects.sites import Site
from aelus.domain.linking.library.knowledge import LibraryKnowledge
from aelus.domain.linking.library.tables import Effect, Path
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.containers import Containers
from aelus.domain.linking.types.declarations import Declarations
from aelus.domain.linking.types.turns import Turns
from aelus.domain.linking.values import EXTERNAL_INSTANCE, LIBRARY_METHOD, MASK, OBJECT, value

ITSELF: Final = Path("self", ())
READING: Final = -(1 << 60)
"""Less than what tells apart all else that is done once at a site."""
UNKNOWN_HOLDER: Final = -(1 << 61)
"""As much, for calls on what is not known."""
LITERAL_FORMS: Final = frozenset({SEQUENCE, MAPPING, LITERAL, CONSTANT})


class Summaries:
    """Calls of library functions and methods."""

    __deletable__ = ("partials",)

    def __init__(
        self,
        program: Program,
        names: Names,
        propagation: Propagation,
        containers: Containers,
        declarations: Declarations,
        stores: dict[int, int],
    ) -> None:
        self._program = program
        self._names = names
        self._externals = names.externals
        self.library = LibraryKnowledge(program, names)
        self.constraints = Constraints(program, names, propagation, containers, declarations, stores)
        self.calls = LibraryCalls(program, names, propagation, self.constraints)
        self.partials = Partials(self, program, propagation)
        self.turns = Turns(program)
        self._methods: list[tuple[int, str]] = []
        self._method_numbers: dict[tuple[int, str], int] = {}
        self.loops: dict[int, dict[int, int]] = {}
        """Call site → what the library loops over there, and the `ITERATE` slot of that."""
        self.reads: dict[int, list[int]] = {}
        """Call site → members that the library reads there."""
        self.sent: dict[int, list[int]] = {}
        """Call site → members of what the library is given that it calls there."""

    def method(self, slot: int, holder: int, name: str) -> int | None:
        """The library's method `name` of a container or function, as a value; None when it is not known. What is read there is."""
        if holder & MASK == LIBRARY_METHOD and name == self._program.operation(self._program.file_of_slot(slot), "call"):
            return holder
        if name not in self.library.method_names:
            return None
        self._apply(slot, self.library.property_effects(slot, holder, name), READING - holder, holder)
        if not self.library.method_effects(slot, holder, name):
            return None
        key = (holder, name)
        number = self._method_numbers.get(key)
        if number is None:
            number = self._method_numbers[key] = len(self._methods)
            self._methods.append(key)
        return value(LIBRARY_METHOD, number)

    def makes_container(self, slot: int, external: int) -> bool:
        """Whether a call with type arguments is one of a type or function of the library that makes a container of these."""
        file = self._program.file_of_slot(slot)
        known = self.library.knows_function(file, self._externals.entries[external].qualified_name)
        return known and self._program.traits[file].call_constructs

    def call_function(self, slot: int, external: int) -> None:
        """A call of an external symbol."""
        effects, called, result, is_class = self.library.function(self._program.file_of_slot(slot), external)
        if is_class:
            self.constraints.hold(slot, value(EXTERNAL_INSTANCE, external))
        self._apply(slot, effects, external, None)
        self._call_arguments(slot, external, called)
        if result:
            self.constraints.hold_external(slot, self._program.file_of_slot(slot), result)

    def _call_arguments(self, slot: int, external: int, positions: Sequence[int]) -> None:
        """The library calls some of its arguments, with what it knows itself."""
        parts = self._program.parts[slot]
        if positions and self.calls.once(slot, external):
            for position in positions:
                if position + 1 < len(parts):
                    self.calls.call(slot, self._program.first_of_slot[slot] + parts[position + 1], ())

    def call_inherited(self, slot: int, holder: int, base: int) -> None:
        """A call of an instance of a class that extends an external one, which says what such calls do."""
        file = self._program.file_of_slot(slot)
        call = self._program.operation(file, "call")
        effects = self.library.function_effects(file, f"{self._externals.entries[base].qualified_name}.{call}")
        self._apply(slot, effects, holder, holder)

    def call_method(self, slot: int, number: int) -> None:
        """A call of a library method."""
        holder, name = self._methods[number]
        receiver = self.calls.receivers.get(slot, -1)
        if receiver >= 0 and holder & MASK == OBJECT:
            self.constraints.meet(receiver, lambda inner: self._call_on(slot, inner, name))
            return
        effects = self.library.method_effects(slot, holder, name)
        if not any(effect.target == ITSELF for effect in effects) or self._is_meant(slot, holder):
            self._apply(slot, effects, ~number, holder)

    def call_on_unknown(self, slot: int, name: str) -> None:
        """A call of a method that any value has, on one of which nothing is known."""
        self._apply(slot, self.library.effects_on_any(slot, name), UNKNOWN_HOLDER, None)

    def _call_on(self, slot: int, holder: int, name: str) -> None:
        """A call of the library's method of that name on another container than it was taken of: `[].slice.call(x)`."""
        if holder & MASK == OBJECT:
            self._apply(slot, self.library.method_effects(slot, holder, name), holder, holder)

    def _is_meant(self, slot: int, holder: int) -> bool:
        """Whether what a method is called on is what is written there, not only something that it can hold besides."""
        program, callee = self._program, self._program.part(slot)
        named = self._names.static(program.part(callee)) if program.forms[callee] == MEMBER else ()
        return not named or holder in named

    def _apply(self, slot: int, effects: Sequence[Effect], key: int, holder: int | None) -> None:
        if effects and self.calls.once(slot, key):
            site = Site(self, self._program, slot, holder)
            for effect in effects:
                site.apply(effect)

    def apply_named(self, site: int, name: str) -> None:
        """Do at a site what the library's function of a name does."""
        inner = Site(self, self._program, site, None)
        for effect in self.library.function_effects(self._program.file_of_slot(site), name):
            inner.apply(effect)

    def note_loop(self, site: int, source: int) -> None:
        """The library loops over what it is given."""
        loops = self.loops.setdefault(site, {})
        if self._program.forms[source] not in LITERAL_FORMS and source not in loops:
            loops[source] = self._program.derived_slot(source, ITERATE, "", (source,))

    def note_sent(self, site: int, member: int) -> None:
        """The library calls a member of what it is given."""
        self.sent.setdefault(site, []).append(member)

    def note_reads(self, site: int, members: Sequence[int]) -> None:
        """The library reads members whose names it is given."""
        self.reads.setdefault(site, []).extend(members)
