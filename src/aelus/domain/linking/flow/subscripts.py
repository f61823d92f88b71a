"""Subscripts: what containers, modules and instances have at a key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aelus.domain.facts import BY_NAME, CALL, CONSTANT, DEFINITION, FREE, ITERATE, LOCAL, MEMBER, SLICE, UNKNOWN, UNKNOWN_PART
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.effects.constraints import Constraints
from aelus.domain.linking.flow.calls import Calls
from aelus.domain.linking.flow.literal_loops import LiteralLoops
from aelus.domain.linking.members.members import Members
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.containers import ANY_KEY, EVERY_KEY, RESERVED, Containers
from aelus.domain.linking.types.keys import Keys
from aelus.domain.linking.values import DEF, INSTANCE_OF, KEY, MASK, MODULE, OBJECT, SHIFT, value
from aelus.domain.numbers import natural

NAMES: Final = frozenset({LOCAL, FREE, MEMBER})
"""Forms of keys that are written as names."""


class Subscripts:
    """Lets what is at a key reach the `INDEX` expressions that ask for it."""

    def __init__(
        self,
        program: Program,
        hierarchy: Hierarchy,
        propagation: Propagation,
        containers: Containers,
        members: Members,
        keys: Keys,
        calls: Calls,
        constraints: Constraints,
        loops: LiteralLoops,
    ) -> None:
        self._loops = loops
        self._constraints = constraints
        self._program = program
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._containers = containers
        self._members = members
        self._keys = keys
        self._calls = calls
        self._elements: dict[int, int] = {}
        """What takes the rest of an instance → slot of the elements."""
        self._parts: dict[tuple[int, str], int] = {}
        """(method, bounds) → that part of what the method returns: instances may stand for each other in a circle."""

    def take(self, slot: int, holder: int) -> None:
        if self._program.texts[slot] == BY_NAME:
            self._take_named(slot, holder)
        elif holder & MASK == KEY:
            for known in tuple(self._propagation.held(self._program.part(slot))):
                if known & MASK in (OBJECT, MODULE):
                    self._take_at(slot, known, self._keys.text(holder))
                elif known & MASK == INSTANCE_OF:
                    self._take_member(slot, known >> SHIFT, self._keys.text(holder))
        elif holder & MASK in (OBJECT, MODULE):
            keys = self._keys.of(slot)
            for key in [self._containers.index_key(slot)] if keys is None else keys:
                self._take_at(slot, holder, key)
        elif not self._keys.follows(slot) or holder in self._propagation.held(self._program.part(slot)):
            self._index_other(slot, holder)

    def _take_named(self, slot: int, holder: int) -> None:
        """The members that the key names."""
        known = [self._keys.text(holder)] if holder & MASK == KEY else self._keys.of(slot)
        for name in [self._containers.index_key(slot)] if known is None else known:
            if name.isidentifier():
                self._propagation.connect(self._constraints.step(self._program.part(slot), f".{name}"), slot)

    def _take_at(self, slot: int, holder: int, key: str) -> None:
        """What a container, or a module as one, has at a key."""
        if holder & MASK == OBJECT:
            if natural(key) >= 0:
                self._loops.take(slot, holder)
            unknown = not key or UNKNOWN_PART in key
            self._containers.take_key(slot, holder, self._containers.unknown_key(slot) if unknown else key)
        elif key not in ("", ANY_KEY, EVERY_KEY):
            self._members.take_global(slot, holder, key)

    def _index_other(self, slot: int, holder: int) -> None:
        """A subscript of what is no container."""
        if holder & MASK == INSTANCE_OF:
            for key in self._keys.of(slot) or ():
                self._take_member(slot, holder >> SHIFT, key)
            self._take_computed(slot, holder >> SHIFT)
            stored = self._constraints.stored(slot)
            if stored >= 0:
                self._give_stored(stored, holder)
            self._give_key(slot, holder)
            place = self._containers.index_key(slot)
            number = natural(place)
            if number >= 0 and self._takes_apart(slot) and self._take_field(slot, holder >> SHIFT, number):
                return
            if self._calls.operate(slot, holder, "index") or (number >= 0 and self._take_place(slot, holder >> SHIFT, number)):
                return
            container = self._members.container_classes.of(holder >> SHIFT)
            if container >= 0:
                self._take_at(slot, container, place)
                self._calls.operate(slot, holder, "missing_key")
            elif self.points(slot):
                self._propagation.add(slot, holder)
            else:
                self._calls.iterate(slot, holder)
        elif holder & MASK == DEF and self._take_of_class(slot, holder, "index"):
            pass
        elif self._is_generic(slot, holder) and not self._containers.index_key(slot).startswith(RESERVED):
            self._propagation.add(slot, holder)

    def _give_stored(self, stored: int, holder: int) -> None:
        """What is assigned to an element reaches the last parameter of the method that this runs."""
        for method in self._calls.protocols.of(holder, "store_index"):
            entry = self._program.definitions[method]
            self._members.receive(method, holder)
            if entry.parameters and not self._members.lists_receiver(method):
                self._propagation.connect(stored, self._program.parameter_slot(method, len(entry.parameters) - 1))

    def _give_key(self, slot: int, holder: int) -> None:
        """The key, and what is stored there, reach the parameters of the methods that answer."""
        program, stored = self._program, self._constraints.stored(slot)
        if len(program.parts[slot]) == 1:
            return
        for operation, given in (("index", [program.part(slot, 1)]), ("store_index", [program.part(slot, 1), stored])):
            for method in self._calls.protocols.of(holder, operation) if given[-1] >= 0 else ():
                if self._members.lists_receiver(method):
                    self._members.receive(method, holder)
                    self._give(method, given)

    def _give(self, method: int, given: list[int]) -> None:
        """Arguments of such a method; what a parameter holds that has a declared type is known."""
        program = self._program
        first, parameters = program.first_slot[program.file_of_definition[method]], program.definitions[method].parameters
        for position, (source, parameter) in enumerate(zip(given, parameters[1:], strict=False), 1):
            if first + parameter.variable not in program.declared:
                self._calls.arguments.bind_argument(source, method, position, "")

    def take_part(self, slot: int, holder: int) -> None:
        """A part of what is no container: what a method for it returns, or a part of what an instance stands for."""
        program = self._program
        if holder & MASK == INSTANCE_OF and not self._calls.operate(slot, holder, "index"):
            for method in self._calls.protocols.of_instance(holder >> SHIFT, "dereference"):
                part = self._parts.get((method, program.texts[slot]), -1)
                if part < 0:
                    returned = program.return_slot(method)
                    part = program.derived_slot(slot, SLICE, program.texts[slot], (returned,))
                    self._parts[method, program.texts[slot]] = part
                    self._propagation.subscribe(returned, part)
                self._propagation.connect(part, slot)
            if self._calls.iterates(holder >> SHIFT):
                self._take_rest(slot, holder)

    def _take_rest(self, slot: int, holder: int) -> None:
        """What is left of the elements that an instance yields."""
        made = value(OBJECT, slot)
        element = self._elements.get(slot)
        if element is None:
            element = self._elements[slot] = self._program.derived_slot(slot, ITERATE, "", (self._program.part(slot),))
            self._propagation.connect(element, self._containers.field(made, ANY_KEY))
            self._propagation.add(slot, made)
        self._calls.iterate(element, holder)

    def take_turns(self, slot: int, holder: int) -> None:
        """A loop over a class."""
        self._take_of_class(slot, holder, "iterate")

    def _take_of_class(self, slot: int, holder: int, operation: str) -> bool:
        """What a class has at a key or yields, by its metaclass or as an enum; false where it has neither."""
        program, definition = self._program, holder >> SHIFT
        if not program.is_class(definition):
            return False
        if self._calls.protocols.of_class(definition, operation):
            if operation == "iterate":
                self._calls.iterate(slot, holder)
            else:
                self._calls.operate(slot, holder, operation)
            return True
        if operation == "index" and self._take_of_own(slot, holder):
            return True
        if self._members.enumerations.is_one(definition):
            self._propagation.add(slot, value(INSTANCE_OF, definition))
            return True
        return False

    def _take_of_own(self, slot: int, holder: int) -> bool:
        """What a method of the class itself makes of a subscript of it; false where that may be the class with types after all."""
        methods = self._calls.protocols.of_instance(holder >> SHIFT, "class_index")
        for method in methods:
            self._members.receive(method, holder)
            self._give(method, [self._program.part(slot, 1)] if len(self._program.parts[slot]) > 1 else [])
            self._propagation.connect(self._program.return_slot(method), slot)
        return bool(methods) and all(self._says(source) for method in methods for source in self._returned(method))

    def _returned(self, method: int) -> Sequence[int]:
        return self._program.sources.get(self._program.returns.get(method, -1), (UNKNOWN,))

    def _says(self, source: int) -> bool:
        """Whether what a method returns is the program's own: a name, or what a member of its receiver makes."""
        program, form = self._program, self._program.forms[source]
        if form == LOCAL and source not in program.imports:
            return all(program.forms[inner] == DEFINITION or self._calls_own(inner) for inner in program.sources.get(source, ()))
        return self._calls_own(source)

    def _calls_own(self, source: int) -> bool:
        program = self._program
        if program.forms[source] != CALL or program.forms[callee := program.part(source)] != MEMBER:
            return False
        return program.forms[program.part(callee)] == LOCAL and program.part(callee) not in program.imports

    def _is_generic(self, slot: int, holder: int) -> bool:
        """Whether a subscript of a value may give types to it: to a class, or to a function that asks for some or has members by key."""
        definition = holder >> SHIFT if holder & MASK == DEF else -1
        if definition < 0 or not self._program.is_function(definition):
            return definition >= 0
        keyed = self._program.traits[self._program.file_of_slot(slot)].members_are_keys
        return keyed or bool(self._program.definitions[definition].type_parameters)

    def _take_member(self, slot: int, definition: int, name: str) -> None:
        """A member that a text names, where such a subscript means one."""
        traits = self._program.traits[self._program.file_of_slot(slot)]
        if traits.prototype and name and UNKNOWN_PART not in name:
            self._propagation.connect(self._members.view(definition, name), slot)

    def _take_computed(self, slot: int, definition: int) -> None:
        """What the class has under any key, and a member whose name it computes by the same words: `[kind]() {}` and `this[kind]()`."""
        program = self._program
        key = program.part(slot, 1) if len(program.parts[slot]) > 1 else -1
        if keyed := self._members.answers.index_signatures.of(definition):
            self._propagation.connect(self._members.view(definition, keyed), slot)
            if program.definitions[definition].type_parameters:
                self._propagation.connect(self._constraints.step(program.part(slot), f".{keyed}"), slot)
        if key < 0 or program.forms[key] not in NAMES or not program.traits[program.file_of_slot(slot)].prototype:
            return
        around = f"{program.texts[program.part(key)]}." if program.forms[key] == MEMBER else ""
        name = f"[{around}{program.texts[key]}]"
        if self._hierarchy.declares(definition, name):
            self._propagation.connect(self._members.view(definition, name), slot)

    def _take_place(self, slot: int, definition: int, place: int) -> bool:
        """What an instance has at a place; false where its class does not say what stands there."""
        return self._take_named_field(slot, definition, self._calls.records.name_at(definition, place))

    def _take_field(self, slot: int, definition: int, place: int) -> bool:
        """As `_take_place`, of the fields in their order."""
        names = self._calls.records.own_names(definition)
        return place < len(names) and self._take_named_field(slot, definition, names[place])

    def _take_named_field(self, slot: int, definition: int, name: str) -> bool:
        if name:
            self._propagation.connect(self._members.view(definition, name), slot)
            self._members.store(slot, value(INSTANCE_OF, definition), name)
            if self._program.definitions[definition].type_parameters:
                self._propagation.connect(self._constraints.step(self._program.part(slot), f".{name}"), slot)
        return bool(name)

    def _takes_apart(self, slot: int) -> bool:
        """Whether it is no subscript of a pointer but what `auto [a, b] = c` takes: a place that no number was written for."""
        program = self._program
        key = program.part(slot, 1) if len(program.parts[slot]) > 1 else slot
        apart = program.traits[program.file_of_slot(slot)].templates
        return apart and program.forms[key] == CONSTANT and not program.parts[key]

    def points(self, slot: int) -> bool:
        return self._program.traits[self._program.file_of_slot(slot)].pointers
