"""What a handler catches: of all that the program raises, the instances of its type; where none is known, the type itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aelus.domain.facts import INSTANCE, RAISED, UNION
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.declarations import Declarations
from aelus.domain.linking.values import DEF, EXTERNAL, INSTANCE_OF, MASK, SHIFT, value

CAUGHT: Final = 4
"""Classes that a handler is followed to; where more are raised that it would catch, its own type says what it holds."""


class Raised:
    """Brings what is raised to the handlers."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, propagation: Propagation, declarations: Declarations) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._declarations = declarations
        self._raising = [slot for slot in program.sources if program.texts[slot] == RAISED]
        self._handlers = [slot for slot in program.by_form[INSTANCE] if program.texts[slot] == RAISED]
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
        for slot, classes in caught.items():
            for definition in classes if len(classes) <= CAUGHT else ():
                self._propagation.add(slot, value(INSTANCE_OF, definition))
            if len(classes) > CAUGHT or not any(caught[beside] for beside in self._beside(slot)):
                self._declarations.hold(self._program.part(slot), slot)

    def _beside(self, slot: int) -> Sequence[int]:
        """The handler's types, where it has several: of those one is raised, as far as is known, if any is."""
        return self._together.get(slot, (slot,))

    def _raised(self) -> dict[int, None]:
        """Classes of which instances are raised anywhere; a class that is raised itself makes one."""
        held = (inner for slot in self._raising for inner in self._propagation.held(slot))
        return {i >> SHIFT: None for i in held if i & MASK == INSTANCE_OF or (i & MASK == DEF and self._program.is_class(i >> SHIFT))}

    def _by_base(self, raised: dict[int, None]) -> dict[int, list[int]]:
        """Class of the program or from elsewhere → those of the classes that are it or extend it."""
        found: dict[int, list[int]] = {}
        for definition in raised:
            own = [value(DEF, owner) for owner in self._hierarchy.order(definition)]
            for base in (*own, *(value(EXTERNAL, base) for base in self._hierarchy.external_bases_of(definition))):
                found.setdefault(base, []).append(definition)
        return found

    def _caught(self, slot: int, raised: dict[int, None], below: dict[int, list[int]]) -> dict[int, None]:
        """Those of the classes that are the handler's type or extend it."""
        program, written = self._program, self._program.part(slot)
        if program.texts[written] in program.traits[program.file_of_slot(slot)].caught_types:
            return raised
        return {definition: None for base in self._names.static(written) for definition in below.get(base, ())}
