"""Classes of the instances that an expression holds, and instances of the classes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from aelus.domain.facts import DEFINITION, IMPLICIT, INDEX, LOCAL, MEMBER, NEW, UNION, UNKNOWN
from aelus.domain.linking.program import CLASS_OF, HELD, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.declarations import Declarations
from aelus.domain.linking.values import BOUND, DEF, INSTANCE_OF, MASK, SHIFT, value

COUNTERPARTS: Final = frozenset({"class", "instance", "classes"})
"""What a step leads to: the class of an instance; an instance of a class, which no constructor has seen; what a metaclass makes."""
PLACES: Final = frozenset({IMPLICIT, INDEX, MEMBER})
"""Forms of places of which it takes the values of what is around them to know what they are declared to hold."""


class Counterparts:
    """Makes the slots that hold them."""

    def __init__(self, program: Program, propagation: Propagation, declarations: Declarations) -> None:
        self._program = program
        self._propagation = propagation
        self._declarations = declarations
        self.made_by: Callable[[int], Sequence[int]]
        """Classes that are instances of a metaclass; given by `OutsideMembers`."""
        made = program.with_first_parts(NEW)
        untyped = [(slot, callee) for slot, callee in made if program.forms[callee] == UNKNOWN and callee != program.first_of_slot[slot]]
        self._untyped = dict(untyped)
        """What is made without naming its type → the slot of its class; most programs have none."""

    def seed(self) -> None:
        """Look at all that is assigned to members and subscripts."""
        program = self._program
        for target, sources in program.sources.items() if self._untyped else ():
            for source in sources if program.forms[target] in PLACES else ():
                self.expect(source, target)

    def expect(self, source: int, place: int) -> None:
        """What is made without naming its type is an instance of what the place it comes to is declared to hold, or such a container."""
        if not self._untyped:
            return
        program, first = self._program, self._program.first_of_slot[source]
        for made in (first + part for part in program.parts[source]) if program.forms[source] == UNION else (source,):
            if (callee := self._untyped.get(made)) is not None:
                self._propagation.connect(self.step(place, "class"), callee)
                self._propagation.connect(place, made)

    def step(self, source: int, wanted: str) -> int:
        """A slot that holds one of `COUNTERPARTS` of what `source` holds; of a type, the instance of what it declares, too."""
        made = self._program.new_slot(CLASS_OF, wanted, (source,))
        self._propagation.subscribe(source, made)
        if wanted == "instance" and not self._is_receiver(source):
            self._declarations.hold(source, made)
        return made

    def _is_receiver(self, slot: int) -> bool:
        """Whether a variable is the receiver of a class method, which holds the classes that this is called on."""
        program = self._program
        if program.forms[slot] != LOCAL or len(program.parts[slot]) > 1 or slot in program.bound:
            return False
        return any(program.forms[source] == DEFINITION for source in program.sources.get(slot, ()))

    def constant(self, holder: int | None) -> int:
        """A slot that holds a constant of an enum."""
        made = self._program.new_slot(HELD)
        if holder is not None and holder & MASK == DEF:
            self._propagation.add(made, value(INSTANCE_OF, holder >> SHIFT))
        return made

    def take(self, slot: int, inner: int) -> None:
        """Such a step meets a value."""
        wanted, tag, index = self._program.texts[slot], inner & MASK, inner >> SHIFT
        if wanted == "class" and (tag == INSTANCE_OF or (tag == BOUND and self._program.is_class(index))):
            self._propagation.add(slot, value(DEF, index))
        elif tag == DEF and self._program.is_class(index):
            if wanted == "instance":
                self._propagation.add(slot, value(INSTANCE_OF, index))
            for made in self.made_by(index) if wanted == "classes" else ():
                self._propagation.add(slot, value(DEF, made))
