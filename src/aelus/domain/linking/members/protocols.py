"""Methods that the language runs by itself: constructors, those of metaclasses, those that stand for operations."""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import MEMBER, SUPER
from aelus.domain.linking.classes.hierarchy import NO_METHODS, Hierarchy
from aelus.domain.linking.members.members import EXPLICIT, Members
from aelus.domain.linking.program import CLASS_NAME, Program
from aelus.domain.linking.signatures import alternatives
from aelus.domain.linking.values import DEF, INSTANCE_OF, MASK, SHIFT, value

OF: Final = " of "
"""Between a method and the interface that it is one of; a method that a type implements one by has the modifier `of INTERFACE`."""


class Protocols:
    """Finds them by the names that a language has for them."""

    def __init__(self, program: Program, hierarchy: Hierarchy, members: Members) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._members = members
        self._answers: dict[tuple[int, str], list[int]] = {}
        self._makers: dict[int, dict[int, int]] = {}
        self._names = {
            traits.name: {operation: alternatives(names) for operation, names in traits.protocols} for traits in program.languages
        }

    def constructors(self, definition: int) -> list[int]:
        """Constructor methods that making an instance of the class runs."""
        traits = self._program.traits[self._program.file_of_definition[definition]]
        own = traits.own_constructors and not self._is_body_of_constant(definition)
        found = self._hierarchy.own_methods if own else self._hierarchy.methods
        return [method for name in traits.constructors for method in found(definition, name)]

    def called_on_class(self, slot: int, definition: int) -> list[int]:
        """Static methods that the call of a class runs, where no constructor takes what it is given."""
        traits = self._program.traits[self._program.file_of_definition[definition]]
        static = [m for m in self.of_instance(definition, "call") if self._is_static(m)] if traits.own_constructors else NO_METHODS
        takes, given = self._hierarchy.signatures.takes, len(self._program.parts[slot]) - 1
        constructors = self.constructors(definition) if static else NO_METHODS
        if not static or any(takes(method, given) for method in constructors) or not (constructors or given):
            return NO_METHODS
        return [method for method in static if takes(method, given)]

    def _is_static(self, method: int) -> bool:
        return "static" in self._program.definitions[method].modifiers

    def _is_body_of_constant(self, definition: int) -> bool:
        """Whether a class is the body of a constant of the enum around, which is made as that enum is."""
        around = self._program.parent_of(definition)
        return around >= 0 and self._program.definitions[around].kind == "Enum" and around in self._hierarchy.bases.get(definition, ())

    def inherited_constructors(self, definition: int) -> list[int]:
        """Constructor methods that `super(…)` runs."""
        return next((found for base in self._hierarchy.inherited(definition) if (found := self.constructors(base))), [])

    def makers(self, slot: int, definition: int) -> list[int]:
        """Methods of the class' metaclass that run in place of its constructors, unless it is they that make the call."""
        callee = self._program.part(slot)
        behind = self._program.forms[callee] == MEMBER and self._program.forms[self._program.part(callee)] == SUPER
        return [] if behind else self.of_class(definition, "call")

    def of_class(self, definition: int, operation: str) -> list[int]:
        """Methods of the class' metaclass that run when the operation is done with the class itself."""
        return next(
            (found for metaclass in self._hierarchy.metaclasses_of(definition) if (found := self.of_instance(metaclass, operation))), []
        )

    def of(self, holder: int, operation: str) -> list[int]:
        """Methods that run when the operation is done with an instance, or with a class."""
        return self.of_class(holder >> SHIFT, operation) if holder & MASK == DEF else self.of_instance(holder >> SHIFT, operation)

    def class_makers(self, definition: int) -> dict[int, int]:
        """Methods that run when the class itself comes into being, with what they receive."""
        known = self._makers.get(definition)
        if known is None:
            known = self._makers[definition] = self._find_makers(definition)
        return known

    def _find_makers(self, definition: int) -> dict[int, int]:
        received, found = value(DEF, definition), dict[int, int]()
        for metaclass in self._hierarchy.metaclasses_of(definition):
            found.update((method, value(DEF, metaclass)) for method in self.of_instance(metaclass, "prepare"))
            found.update((m, value(DEF, metaclass) if self._hierarchy.makes(m) else received) for m in self.constructors(metaclass))
        name = self._names[self._program.traits[self._program.file_of_definition[definition]].name].get("subclass", ("",))[0]
        if self._members.enumerations.constants(definition):
            found.update(dict.fromkeys(self.constructors(definition), value(INSTANCE_OF, definition)))
        inherited = (self._hierarchy.own_methods(owner, name) for owner in (self._hierarchy.inherited(definition) if name else ()))
        return found | dict.fromkeys(next(filter(None, inherited), []), received)

    def _named(self, definition: int, name: str) -> list[int]:
        """Methods of the name; one that says so bears the name of its class."""
        method, of, _ = name.partition(OF)
        if of:
            of_interface = name[len(method) + 1 :]
            found = self._hierarchy.methods(definition, method)
            return [each for each in found if of_interface in self._program.definitions[each].modifiers]
        if CLASS_NAME not in name:
            return self._hierarchy.methods(definition, name) or [*self._members.beside.of(definition, name)]
        owners = self._hierarchy.order(definition)
        own = [self._hierarchy.own_methods(owner, name.replace(CLASS_NAME, self._program.definitions[owner].name)) for owner in owners]
        return next(filter(None, own), NO_METHODS)

    def of_instance(self, definition: int, operation: str) -> list[int]:
        """Methods that run when the operation is done with an instance of the class; not to be changed."""
        known = self._answers.get((definition, operation))
        if known is None:
            names = self._names[self._program.traits[self._program.file_of_definition[definition]].name].get(operation, ())
            found = next((methods for name in names if (methods := self._named(definition, name))), NO_METHODS)
            shown = [method for method in found if EXPLICIT not in self._program.definitions[method].modifiers]
            known = self._answers[definition, operation] = shown or found
        return known
