"""Members of a class as instances show them where they hold functions or descriptors: bound, or by what reading and storing runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.effects.summaries import Summaries
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import BIND, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.values import ACCESSOR, BOUND, DEF, INSTANCE_OF, MASK, SHIFT, value

ACCESSES: Final = ("get", "set")
OF_CLASS: Final = "get of class"
"""Access to a member that a class itself shows."""
OWNER: Final = 2
"""Position of the parameter by which a descriptor is told in which class it is."""
"""Texts of the steps of a member that may hold a descriptor, in the order of an accessor's functions."""
RUN: Final = {f"{access} by": access for access in ACCESSES}
"""Texts of the steps that wait for the functions which an accessor was made with → what is done."""
ASSIGNED: Final = "assigned"
"""Text of the steps that take a member which a class assigns functions to."""
UNBOUND: Final = frozenset({"static", "classmethod", "property"})
"""Modifiers of methods that are none of an instance's by another name."""


def is_made_property(program: Program, definition: int) -> bool:
    """Whether a function that another one makes runs where the member is read that holds it."""
    parent = program.parent_of(definition)
    return "property" in program.definitions[definition].modifiers and parent >= 0 and program.is_function(parent)


class Accessors:
    """Lets what a member holds reach those who read it, and what is stored those who run then."""

    def __init__(
        self,
        program: Program,
        names: Names,
        hierarchy: Hierarchy,
        propagation: Propagation,
        summaries: Summaries,
        receive: Callable[[int, int], None],
    ) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._summaries = summaries
        self._receive = receive
        self._steps: dict[int, tuple[int, int]] = {}
        """Step → where it leads (or what is stored), and the receiver."""
        self._assigned: dict[int, frozenset[int]] = {}
        self._known: dict[int, frozenset[int]] = {}
        """Member → functions that the body of its class assigns to it."""
        getters = {dict(traits.protocols).get("get", "") for traits in program.languages}
        self.any: bool = summaries.library.makes_accessors or any(entry.name in getters for entry in program.definitions if entry.name)
        """Whether the program has descriptors at all."""

    def expose(self, owner: int, member: int, target: int, receiver: int) -> bool:
        """A member that no method is bound to reaches `target`; false when it does so as it is: the class itself assigns nothing to it."""
        if member not in self._program.sources:
            return False
        assigned = self._known.get(member)
        if assigned is None:
            assigned = self._known[member] = self._functions(owner, member)
        if assigned:
            self._assigned[self._subscribe(ASSIGNED, member, target, receiver)] = assigned
        elif self.any:
            self._subscribe(ACCESSES[0], member, target, receiver)
        return bool(assigned) or self.any

    def expose_decorated(self, method: int, member: int, target: int, receiver: int) -> None:
        """What a decorator made of a method becomes a method when it is a function."""
        modifiers = self._program.definitions[method].modifiers
        if "static" in modifiers:
            self._propagation.connect(member, target)
            return
        self.expose_made(member, target, value(DEF, receiver >> SHIFT) if "classmethod" in modifiers else receiver)

    def take_stored(self, setter: int, owner: int) -> None:
        """What is assigned to a property reaches the last parameter of its setter."""
        entry = self._program.definitions[setter]
        stored = self._names.members_of_class(owner).get(entry.name, -1)
        if "setter" in entry.modifiers and entry.parameters and stored in self._program.sources:
            self._propagation.connect(stored, self._program.parameter_slot(setter, len(entry.parameters) - 1))

    def expose_made(self, member: int, target: int, receiver: int) -> None:
        """What a decorator made of a method becomes a method when it is a function."""
        self._subscribe("", member, target, receiver)

    def expose_run(self, member: int, target: int, receiver: int) -> None:
        """What a decorator made of a method runs when the member is read."""
        self._subscribe(f"{ACCESSES[0]} by", member, target, receiver)

    def expose_read(self, member: int, target: int, receiver: int) -> None:
        """A member that may run a function where it is read reaches `target` by what that returns."""
        self._subscribe(ACCESSES[0], member, target, receiver)

    def expose_of_class(self, member: int, target: int, definition: int) -> None:
        """A member that a class itself shows reaches `target`: functions as they are, descriptors by what they answer for the class."""
        if self.any and member in self._program.sources:
            self._subscribe(OF_CLASS, member, target, value(DEF, definition))
        else:
            self._propagation.connect(member, target)

    def store(self, field: int, stored: int, receiver: int) -> None:
        """Something is stored in a member that may hold a descriptor."""
        if self.any and field in self._program.sources:
            self._subscribe(ACCESSES[1], field, stored, receiver)

    def _subscribe(self, access: str, member: int, target: int, receiver: int) -> int:
        step = self._program.new_slot(BIND, access, (member,))
        self._steps[step] = (target, receiver)
        self._propagation.subscribe(member, step)
        return step

    def _functions(self, owner: int, member: int) -> frozenset[int]:
        """Functions that the body of a class assigns to a member, which its instances show as methods."""
        program = self._program
        if not program.traits[program.file_of_definition[owner]].explicit_receiver or member not in program.sources:
            return frozenset()
        found = (inner for source in program.sources[member] for inner in self._names.static(source))
        functions = (inner for inner in found if inner & MASK == DEF and program.is_function(inner >> SHIFT))
        return frozenset(inner for inner in functions if UNBOUND.isdisjoint(program.definitions[inner >> SHIFT].modifiers))

    def bind(self, step: int, inner: int) -> None:
        """A step meets a value of its member."""
        target, receiver = self._steps[step]
        access = self._program.texts[step]
        if access == ASSIGNED:
            access = "" if inner in self._assigned[step] else ACCESSES[0]
        if access == OF_CLASS and inner & MASK != INSTANCE_OF:
            self._propagation.add(target, inner)
        elif access == OF_CLASS:
            self._access(ACCESSES[0], inner, target, receiver)
        elif access in ACCESSES:
            self._access(access, inner, target, receiver)
        elif access in RUN:
            self._run(RUN[access], inner, target, receiver)
        else:
            self._show(inner, target, receiver)

    def _show(self, inner: int, target: int, receiver: int) -> None:
        """A function becomes a method."""
        method = inner >> SHIFT
        program = self._program
        if inner & MASK == DEF and is_made_property(program, method):
            self._run(ACCESSES[0], inner, target, receiver)
        elif inner & MASK == DEF and program.is_function(method) and program.traits[program.file_of_definition[method]].explicit_receiver:
            self._receive(method, receiver)
            self._propagation.add(target, value(BOUND, method))
        elif self.any:
            self._access(ACCESSES[0], inner, target, receiver)
        else:
            self._propagation.add(target, inner)

    def _access(self, access: str, inner: int, target: int, receiver: int) -> None:
        """A member that may hold a descriptor is read, or stored to."""
        if inner & MASK == ACCESSOR:
            run = self._summaries.calls.accessing(inner >> SHIFT, ACCESSES.index(access))
            if run >= 0:
                self._subscribe(f"{access} by", run, target, receiver)
            return
        methods = self._methods(inner, access)
        for method in methods:
            entry = self._program.definitions[method]
            self._receive(method, inner)
            if len(entry.parameters) > 1 and receiver & MASK == INSTANCE_OF:
                self._propagation.add(self._program.parameter_slot(method, 1), receiver)
            if len(entry.parameters) > OWNER and access == ACCESSES[0] and receiver & MASK in (INSTANCE_OF, DEF):
                self._propagation.add(self._program.parameter_slot(method, OWNER), value(DEF, receiver >> SHIFT))
            self._transfer(access, method, target)
        if not methods and access == ACCESSES[0]:
            self._propagation.add(target, inner)

    def _run(self, access: str, inner: int, target: int, receiver: int) -> None:
        """As `_access`, by a function that the member was made with."""
        if inner & MASK == DEF and self._program.is_function(inner >> SHIFT):
            self._receive(inner >> SHIFT, receiver)
            self._transfer(access, inner >> SHIFT, target)

    def _methods(self, inner: int, access: str) -> list[int]:
        """Methods of a descriptor that an access to the member runs which holds it."""
        if inner & MASK != INSTANCE_OF:
            return []
        name = self._program.operation(self._program.file_of_definition[inner >> SHIFT], access)
        return self._hierarchy.methods(inner >> SHIFT, name) if name else []

    def _transfer(self, access: str, function: int, target: int) -> None:
        entry = self._program.definitions[function]
        if access == ACCESSES[0]:
            self._propagation.connect(self._program.return_slot(function), target)
        elif entry.parameters:
            self._propagation.connect(target, self._program.parameter_slot(function, len(entry.parameters) - 1))
