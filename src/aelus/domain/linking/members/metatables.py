"""Containers that look members up in other containers, as their metatables say.

A member that a container has of its own hides those behind it. What it has is known only when the values have been followed, so lookups
wait until nothing changes any more, and are answered in rounds: each round asks one container further.

Source: Lua 5.4 Reference Manual, 2.4 "Metatables and Metamethods".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from aelus.domain.facts import CALL, CONSTANT, DEFINITION, FREE, LOCAL, MAPPING, MEMBER, METATABLE, SPREAD
from aelus.domain.linking.program import FUNCTION_KINDS, HELD, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.containers import ANY_KEY, Containers
from aelus.domain.linking.values import DEF, MASK, OBJECT, SHIFT, value

MakeCall = Callable[[int, int, tuple[int, ...], str], int]
"""Lets an expression call what a slot holds with arguments; the slot of what that returns."""
METAMETHOD: Final = "__"
"""Beginning of the names of what operators look up, which nobody stores under keys that are not known."""
NEW_INDEX: Final = "__newindex"
ROUNDS: Final = 12
"""Containers that a lookup goes through."""
LOOKUPS: Final = 200_000
MAKERS: Final = frozenset({"new", "New", "create"})
"""Members of a class of an unknown library that make instances of it."""
SETTER: Final = "setmetatable"
METATABLE_AT: Final = 2
"""Position of the metatable in a call of the function that gives one."""
VARIABLES: Final = frozenset({LOCAL, FREE})


class Metatables:
    """Lookups that wait for their answer."""

    def __init__(
        self, program: Program, propagation: Propagation, containers: Containers, make_call: MakeCall, stores: dict[int, int]
    ) -> None:
        self._program = program
        self._propagation = propagation
        self._containers = containers
        self._make_call = make_call
        self._stores = stores
        words = {traits.metatables for traits in program.languages} - {""}
        self._has_functions = any(entry.name in words and entry.kind in FUNCTION_KINDS for entry in program.definitions)
        self._has_stores = bool(words) and any(text == NEW_INDEX for text in program.texts)
        self._makers = find_makers(program)
        self._held: dict[int, int] = {}
        """Container → slot that holds it alone."""
        self._received: set[tuple[int, str]] = set()
        self.passed = self._pass_receivers()
        """Calls of members whose first argument is what the member is taken from."""
        self._waiting: dict[tuple[int, int, str], None] = {}
        self._unnamed: dict[tuple[int, int, str], None] = {}
        """Lookups that went on to what is behind the container."""
        self._called: set[tuple[int, int]] = set()
        self._members: dict[tuple[int, str], int] = {}
        self._bases: dict[int, list[int]] = {}
        """Container of an unknown library → what it was made from."""
        self._raw: set[int] = set()
        """Lookups of metamethods, which ask a metatable and nothing behind it."""
        self._storing: dict[tuple[int, int, str], int] = {}
        """Assignment to a member of a container → what is stored."""
        self.stores: dict[int, int] = {}
        """Member that is assigned to → where the library calls what its container's metatable has for that."""
        self._given = self._containers_given()

    def take(self, slot: int, holder: int, name: str) -> None:
        """The expression `slot` names a member of a container."""
        self._containers.take_named(slot, holder, name)
        if slot in self._stores:
            self._note_store(slot, holder, name, self._stores[slot])
        if len(self._waiting) < LOOKUPS and slot not in self._raw:
            self._waiting[slot, holder, name] = None

    def answer(self) -> bool:
        """Send lookups on that their own container does not answer; false when there are none."""
        held, answered = self._propagation.held, list[tuple[int, int, str]]()
        for slot, holder, name in self._waiting:
            if held(self._containers.field(holder, name)):
                continue
            behind = self._behind(slot, holder, name)
            if behind:
                answered.append((slot, holder, name))
            for source in behind:
                self._propagation.connect(self._member(slot, source, name), slot)
                if self._has_functions and not name.startswith(METAMETHOD) and not self._lists(holder >> SHIFT, name):
                    self._call(slot, holder, source, name)
        for key in answered:
            del self._waiting[key]
            self._unnamed[key] = None
        stored = [self._store(key, source) for key, source in tuple(self._storing.items())]
        return bool(answered) or any(stored)

    def _call(self, slot: int, holder: int, function: int, name: str) -> None:
        """A function answers for members that are not there: it is called with the container and the name."""
        if (slot, function) not in self._called:
            self._called.add((slot, function))
            held = self._program.derived_slot(slot, HELD, "", ())
            self._propagation.add(held, holder)
            key = self._program.new_slot(CONSTANT, name)
            self._propagation.connect(self._make_call(slot, function, (held, key), ""), slot)

    # --- assignments to what is not there -----------------------------------------------------------------------------------------------

    def _note_store(self, slot: int, holder: int, name: str, stored: int) -> None:
        """Something is assigned to a member of a container."""
        runs = self._has_stores and self._program.part(slot) not in self._given
        if runs and len(self._storing) < LOOKUPS and not self._lists(holder >> SHIFT, name):
            self._storing[slot, holder, name] = stored

    def _store(self, key: tuple[int, int, str], stored: int) -> bool:
        """A function that the metatable has for that is called with the container, the name and the value; a table takes the value."""
        slot, holder, name = key
        metatable = self._containers.field(holder, METATABLE)
        if not self._propagation.held(metatable):
            return False
        del self._storing[key]
        taking = self._member(slot, metatable, NEW_INDEX)
        self._raw.add(taking)
        site = self.stores.get(slot)
        if site is None:
            site = self.stores[slot] = self._program.derived_slot(slot, HELD, "", ())
        held, given = (self._program.derived_slot(slot, HELD, "", ()) for _ in range(2))
        self._propagation.add(held, holder)
        self._propagation.connect(stored, given)
        self._make_call(site, taking, (held, self._program.new_slot(CONSTANT, name), given), "")
        self._containers.meet(taking, lambda inner: self._put(inner, name, stored))
        return True

    def _put(self, inner: int, name: str, stored: int) -> None:
        if inner & MASK == OBJECT:
            self._propagation.connect(stored, self._containers.field(inner, name))

    def _lists(self, origin: int, name: str) -> bool:
        """Whether a literal has a key from the beginning."""
        program = self._program
        if program.forms[origin] != MAPPING or origin >= program.file_slots:
            return False
        parts = (program.first_of_slot[origin] + part for part in program.parts[origin][::2])
        return any(program.forms[part] == CONSTANT and program.texts[part] == name for part in parts)

    def _containers_given(self) -> frozenset[int]:
        """Variables whose containers are given a metatable: what is assigned to them is there before."""
        program = self._program
        calls = program.of_form(CALL, lambda traits: bool(traits.metatables)) if self._has_stores else ()
        return frozenset(
            program.part(slot, 1)
            for slot in calls
            if program.texts[program.part(slot)] == SETTER and len(program.parts[slot]) > METATABLE_AT
        )

    # --- receivers ----------------------------------------------------------------------------------------------------------------------

    def _pass_receivers(self) -> frozenset[int]:
        """`a:f()`: of all that `a` may be, a function has those as its receiver that have it."""
        program, found = self._program, list[int]()
        followed = set[tuple[int, str]]()
        for slot in program.of_form(CALL, lambda traits: bool(traits.metatables)):
            callee = program.part(slot)
            if program.forms[callee] == MEMBER and len(program.parts[slot]) > 1 and program.part(callee) == program.part(slot, 1):
                found.append(slot)
                followed.add((program.part(callee), program.texts[callee]))
        for receiver, name in followed:
            self._containers.meet(receiver, self._taking(receiver, name))
        return frozenset(found)

    def _taking(self, receiver: int, name: str) -> Callable[[int], object]:
        return lambda holder: self._take(receiver, holder, name)

    def _take(self, receiver: int, holder: int, name: str) -> None:
        """What a function is called on may be this container: whatever it has under the name receives it."""
        if holder & MASK != OBJECT or (holder, name) in self._received:
            return
        self._received.add((holder, name))
        held = self._held.get(holder)
        if held is None:
            held = self._held[holder] = self._program.derived_slot(receiver, HELD, "", ())
            self._propagation.add(held, holder)
        self._containers.meet(self._member(receiver, held, name), lambda inner: self._give(holder, inner))

    def _give(self, holder: int, inner: int) -> None:
        function = inner >> SHIFT
        if inner & MASK == DEF and self.has_receiver(function):
            self._propagation.add(self._program.parameter_slot(function, 0), holder)

    def has_receiver(self, function: int) -> bool:
        """Whether the first argument of calls of a function is one parameter of its own."""
        entry = self._program.definitions[function]
        return bool(entry.parameters) and entry.kind in FUNCTION_KINDS and entry.parameters[0].kind == "positional"

    def receive(self) -> None:
        """A method that nothing is known to call has as its receiver what it is defined in."""
        program = self._program
        for definition, entry in enumerate(program.definitions):
            file = program.file_of_definition[definition]
            if entry.kind == "Method" and entry.receiver and entry.parameters and program.traits[file].metatables:
                variable = program.parameter_slot(definition, 0)
                if not self._propagation.held(variable):
                    self._propagation.connect(program.first_slot[file] + entry.receiver, variable)

    def make(self, slot: int, function: int) -> bool:
        """A call of a function that gives what it returns its first argument as the metatable makes an instance of that each time."""
        program = self._program
        if function not in self._makers or len(program.parts[slot]) == 1 or program.forms[program.part(slot, 1)] == SPREAD:
            return False
        made = value(OBJECT, program.derived_slot(slot, MAPPING, "", ()))
        self._containers.merge(program.return_slot(function), made)
        self._propagation.connect(program.part(slot, 1), self._containers.field(made, METATABLE))
        self._propagation.add(slot, made)
        return True

    def take_unnamed(self) -> None:
        """What is stored under keys that are not known is a member of that name only where nothing else is."""
        held = self._propagation.held
        lookups = (*self._waiting, *self._unnamed)
        asked = [(slot, holder) for slot, holder, name in lookups if not name.startswith(METAMETHOD) and not held(slot)]
        for slot, holder in asked:
            self._propagation.connect(self._containers.field(holder, ANY_KEY), slot)

    def _behind(self, slot: int, holder: int, name: str) -> list[int]:
        """Slots of what a container's members are looked up in."""
        if holder >> SHIFT in self._bases:
            return self._bases[holder >> SHIFT]
        metatable = self._containers.field(holder, METATABLE)
        if not self._propagation.held(metatable):
            return []
        if name.startswith(METAMETHOD):
            self._raw.add(self._member(slot, metatable, name))
            return [metatable]
        return [self._member(slot, metatable, self._program.traits[self._program.file_of_slot(slot)].metatables)]

    def _member(self, origin: int, holder: int, name: str) -> int:
        made = self._members.get((holder, name))
        if made is None:
            made = self._members[holder, name] = self._program.derived_slot(origin, MEMBER, name, (holder,))
            self._propagation.subscribe(holder, made)
        return made

    # --- classes of unknown libraries ---------------------------------------------------------------------------------------------------

    def assume(self) -> None:
        """A variable of which nothing is known but that functions are stored in it is a class that an unknown library made.

        Calling it, or a maker that it does not have, makes an instance; what it was made from are its bases.
        """
        program, held = self._program, self._propagation.held
        for target, sources in program.sources.items():
            if program.forms[target] != MEMBER or not program.traits[program.file_of_slot(target)].metatables:
                continue
            holder = program.part(target)
            if program.forms[holder] in VARIABLES and not held(holder) and any(program.forms[s] == DEFINITION for s in sources):
                self._bases[holder] = [part for source in program.sources.get(holder, ()) for part in self._parts_of_call(source)]
        for holder in self._bases:
            self._propagation.add(holder, value(OBJECT, holder))
        for slot in program.by_form[CALL] if self._bases else ():
            callee = program.part(slot)
            made = program.part(callee) if program.forms[callee] == MEMBER and program.texts[callee] in MAKERS else callee
            if not held(callee) or made == callee:
                self._propagation.connect(made, slot) if made in self._bases else None

    def _parts_of_call(self, slot: int) -> list[int]:
        """What is called on, and the arguments."""
        program = self._program
        if program.forms[slot] != CALL:
            return []
        callee = program.part(slot)
        called = [program.part(callee)] if program.forms[callee] == MEMBER else []
        return [*called, *(program.first_of_slot[slot] + part for part in program.parts[slot][1:])]


def find_makers(program: Program) -> frozenset[int]:
    """Functions that return nothing but what they give their first parameter as the metatable."""
    classes: dict[int, int] = {}
    for definition, entry in enumerate(program.definitions):
        file = program.file_of_definition[definition]
        if program.traits[file].metatables and entry.kind in FUNCTION_KINDS and entry.parameters:
            classes[program.parameter_slot(definition, 0)] = definition
    found = dict[int, set[int]]()
    for slot in program.by_form[CALL] if classes else ():
        if (
            program.texts[program.part(slot)] == SETTER
            and program.forms[program.part(slot)] == FREE
            and len(program.parts[slot]) > METATABLE_AT
        ):
            metatable = program.part(slot, METATABLE_AT)
            function = classes.get(program.variable_of(metatable), -1) if program.forms[metatable] == LOCAL else -1
            if function >= 0:
                made = program.part(slot, 1)
                found.setdefault(function, set()).update((slot, program.variable_of(made) if program.forms[made] == LOCAL else slot))
    return frozenset(function for function, made in found.items() if _returns_only(program, function, made))


def _returns_only(program: Program, function: int, made: set[int]) -> bool:
    sources = program.sources.get(program.return_slot(function), ())
    return bool(sources) and all(_is_made(program, source, made) for source in sources)


def _is_made(program: Program, source: int, made: set[int]) -> bool:
    """Whether it is what was given the metatable, or what calling that returns: the instance that its arguments are set for."""
    if source not in made and program.forms[source] == CALL:
        source = program.part(source)
    if source in made or program.forms[source] != LOCAL:
        return source in made
    variable = program.variable_of(source)
    sources = program.sources.get(variable, ())
    return variable in made or (len(sources) == 1 and sources[0] in made)
