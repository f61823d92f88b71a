"""Arguments of which a constructor makes an instance: `log("a")` runs `Text(const char *)` where `log` takes a `Text`.

Source: ISO/IEC 14882, "Converting constructors".
"""

from __future__ import annotations

from collections.abc import Iterator

from aelus.domain.facts import Parameter
from aelus.domain.linking.choosing.overloads import EXPLICIT, Overloads
from aelus.domain.linking.choosing.qualifiers import CONST, POINTER, REFERENCE, Qualifiers
from aelus.domain.linking.choosing.value_categories import VANISHING
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import CLASS_NAME, Program
from aelus.domain.linking.values import DEF, MASK, SHIFT


class ConvertedArguments:
    """Finds the constructors."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, flow: ValueFlow, overloads: Overloads) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._overloads = overloads
        self._qualifiers = Qualifiers(program, names, hierarchy, flow)
        self._converting: dict[int, list[int]] = {}
        """Class → its constructors that convert."""
        for owner in range(len(program.definitions)):
            if program.is_class(owner) and program.traits[program.file_of_definition[owner]].templates:
                converting = [own for own in hierarchy.own_methods(owner, CLASS_NAME) if self._converts(own, owner)]
                self._converting.update({owner: converting} if converting else {})
        self.any = bool(self._converting)
        """Whether the program has such constructors."""

    def _converts(self, constructor: int, owner: int) -> bool:
        """Whether a constructor makes an instance of a single value that is none of the class itself."""
        entry = self._program.definitions[constructor]
        if EXPLICIT in entry.modifiers or not entry.parameters or not self._hierarchy.signatures.takes(constructor, 1):
            return False
        return owner not in self._classes(constructor, entry.parameters[0])

    def _classes(self, definition: int, parameter: Parameter) -> list[int]:
        program = self._program
        declared = program.first_slot[program.file_of_definition[definition]] + parameter.type
        found = self._names.static(declared) if parameter.type else ()
        return [inner >> SHIFT for inner in found if inner & MASK == DEF and program.is_class(inner >> SHIFT)]

    def of(self, slot: int, definition: int, caller: int) -> Iterator[tuple[int, int]]:
        """(class, constructor) of the arguments that a call of a function converts."""
        program, entry = self._program, self._program.definitions[definition]
        parameters = entry.parameters[self._hierarchy.operands(definition) :]
        given = [program.first_of_slot[slot] + part for part in program.parts[slot][1:]]
        for argument, parameter in zip(given, parameters, strict=False):
            for owner in self._classes(definition, parameter):
                if owner in self._converting and self._takes_made(definition, parameter):
                    yield from self.made_of(argument, owner, caller)

    def made_of(self, value: int, owner: int, caller: int) -> Iterator[tuple[int, int]]:
        """The class and the constructor of it that makes an instance of a value where one is wanted."""
        if owner in self._converting:
            for constructor in self._overloads.converting(value, owner, self._converting[owner], caller):
                yield owner, constructor

    def _takes_made(self, definition: int, parameter: Parameter) -> bool:
        """Whether a parameter can be an instance that is made for it: no pointer, and no reference to what changes."""
        variable = self._program.first_slot[self._program.file_of_definition[definition]] + parameter.variable
        if parameter.kind != "positional" or self._qualifiers.has(variable, POINTER):
            return False
        refers = self._qualifiers.has(variable, REFERENCE) and VANISHING not in self._program.definitions[definition].signature
        return not refers or self._qualifiers.has(variable, CONST)
