"""What a handler catches: the instances of its type that its region and what this calls raise; where none of these is known, those that
the program raises anywhere, or the type itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final, NamedTuple

from aelus.domain.facts import FREE, INSTANCE, RAISED, UNION
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.called_functions import CalledFunctions
from aelus.domain.linking.library.knowledge import LibraryKnowledge
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.declarations import Declarations
from aelus.domain.linking.values import BOUND, DEF, EXTERNAL, INSTANCE_OF, MASK, SHIFT, value

CAUGHT: Final = 4
"""Classes that a handler is followed to; where more are raised that it would catch, its own type says what it holds."""
FOLLOWED: Final = 512
"""Calls that a handler is followed through; behind more of them anything may be raised."""
FOLLOWED_IN_ALL: Final = 50_000
"""As `FOLLOWED`, for all handlers together."""
REGION: Final = 3
"""Numbers that tell a region: its definition, start and end byte."""
NOTHING: Final = frozenset[int]()
NO_CLASSES: Final[list[int]] = []


class Below(NamedTuple):
    """The classes that are raised, by what they are or extend."""

    own: dict[int, list[int]]
    """By classes of the program."""
    outer: dict[str, list[int]]
    """By names of classes from elsewhere."""


class Raised:
    """Brings what is raised to the handlers."""

    def __init__(
        self,
        program: Program,
        names: Names,
        hierarchy: Hierarchy,
        propagation: Propagation,
        declarations: Declarations,
        library: LibraryKnowledge,
        called: CalledFunctions,
    ) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._declarations = declarations
        self._library = library
        self._called = called
        self._raising = [slot for slot in program.sources if program.texts[slot] == RAISED]
        self._handlers = [slot for slot in program.by_form[INSTANCE] if program.texts[slot] == RAISED]
        self._left = FOLLOWED_IN_ALL
        """Calls that are still followed."""
        self._together: dict[int, list[int]] = {}
        """Type of a handler → all types of it."""
        for slot in program.by_form[UNION] if self._handlers else ():
            parts = [program.first_of_slot[slot] + part for part in program.parts[slot]]
            if all(program.forms[part] == INSTANCE and program.texts[part] == RAISED for part in parts):
                self._together.update(dict.fromkeys(parts, parts))
        for sources in program.sources.values() if self._together else ():
            for alone in self._together.keys() & set(sources):
                del self._together[alone]

    def settle(self) -> None:
        """Let each handler hold what it catches of what is known to be raised by now."""
        raised = self._raised() if self._handlers else {}
        below = self._by_base(raised)
        caught = {slot: self._caught(slot, raised, below) for slot in self._handlers}
        near = {slot: self._near(slot) for slot, classes in caught.items() if classes} if len(raised) > 1 else {}
        told = {self._beside(slot)[0] for slot, classes in near.items() if any(definition in classes for definition in caught[slot])}
        for slot, classes in near.items():
            if self._beside(slot)[0] in told:
                caught[slot] = {definition: None for definition in caught[slot] if definition in classes}
        known = {self._beside(slot)[0] for slot, classes in caught.items() if classes}
        for slot, held in caught.items():
            for definition in held if len(held) <= CAUGHT else ():
                self._propagation.add(slot, value(INSTANCE_OF, definition))
            if len(held) > CAUGHT or self._beside(slot)[0] not in known:
                self._declarations.hold(self._program.part(slot), slot)

    def _beside(self, slot: int) -> Sequence[int]:
        """The handler's types, where it has several: of those one is raised, as far as is known, if any is."""
        return self._together.get(slot, (slot,))

    def _raised(self) -> dict[int, None]:
        """Classes of which instances are raised anywhere."""
        return {definition: None for slot in self._raising for definition in self._classes(slot)}

    def _classes(self, slot: int) -> list[int]:
        """Classes of the instances that are raised; a class that is raised itself makes one."""
        held = self._propagation.held(slot)
        return [i >> SHIFT for i in held if i & MASK == INSTANCE_OF or (i & MASK == DEF and self._program.is_class(i >> SHIFT))]

    def _near(self, slot: int) -> Collection[int]:
        """Classes that the region of a handler may raise, by the calls in it; nothing where it has none, or too many."""
        program, file = self._program, self._program.file_of_slot(slot)
        region = program.texts[program.part(slot, 1)].split(" ") if len(program.parts[slot]) > 1 else []
        if len(region) != REGION:
            return NOTHING
        local, start, end = map(int, region)
        around = program.first_definition[file] + local if local >= 0 else -1
        calls = self._called.in_region(file, local, start, end)
        if len(calls) > FOLLOWED:
            return NOTHING
        own = set(self._raised_by(file, around))
        made = {inner >> SHIFT for call in calls for inner in self._propagation.held(program.part(call)) if inner & MASK in (DEF, BOUND)}
        return {*(own & made), *self._behind(calls)}

    def _behind(self, calls: Sequence[int]) -> set[int]:
        """Classes that the functions raise which calls lead to."""
        program, found = self._program, set[int]()
        seen, waiting = set[int](), list(calls)
        last = max(self._left - FOLLOWED, 0)
        while waiting and self._left > last:
            self._left -= 1
            for function in self._called.functions(waiting.pop()):
                if function not in seen:
                    seen.add(function)
                    file = program.file_of_definition[function]
                    found.update(self._raised_by(file, function))
                    waiting.extend(self._called.in_definition(file, function - program.first_definition[file])[: FOLLOWED + 1])
        return set() if waiting else found

    def _raised_by(self, file: int, function: int) -> Sequence[int]:
        """Classes that a function, or the top level of a file (-1), raises itself."""
        body = self._program.definitions[function].body if function >= 0 else 0
        slot = self._program.locals[file].get((body, RAISED), -1)
        return self._classes(slot) if slot >= 0 else ()

    def _by_base(self, raised: dict[int, None]) -> Below:
        found = Below({}, {})
        for definition in raised:
            order = self._hierarchy.order(definition)
            for owner in order:
                found.own.setdefault(owner, []).append(definition)
            for name in dict.fromkeys(name for owner in order for name in self._outer_bases(owner)):
                found.outer.setdefault(name, []).append(definition)
        return found

    def _outer_bases(self, definition: int) -> Iterator[str]:
        """Names of the classes from elsewhere that a class extends, and of what these do."""
        program = self._program
        first = program.first_slot[program.file_of_definition[definition]]
        for part in program.definitions[definition].bases:
            for name in self._outer_names(program.without_arguments(first + part)):
                yield from dict.fromkeys((name, *self._library.ancestors(definition, name)))

    def _outer_names(self, written: int) -> list[str]:
        """The qualified names of a class from elsewhere, which may be known without import."""
        program, static = self._program, self._names.static(written)
        if not static and program.forms[written] == FREE:
            return [f"{program.traits[program.file_of_slot(written)].builtins_package}.{program.texts[written]}"]
        return [self._names.externals.entries[inner >> SHIFT].qualified_name for inner in static if inner & MASK == EXTERNAL]

    def _caught(self, slot: int, raised: dict[int, None], below: Below) -> dict[int, None]:
        """Those of the classes that are the handler's type or extend it."""
        program, written = self._program, self._program.part(slot)
        if program.texts[written] in program.traits[program.file_of_slot(slot)].caught_types:
            return raised
        own = [below.own.get(inner >> SHIFT, NO_CLASSES) for inner in self._names.static(written) if inner & MASK == DEF]
        outer = [below.outer.get(name, NO_CLASSES) for name in self._outer_names(written)]
        return {definition: None for classes in (*own, *outer) for definition in classes}
