"""What classes extend that functions make of the classes which they are given: `const Timed = (Base) => class extends Base {}`,
and decorators of the classes that they decorate.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aelus.domain.facts import CALL, DECORATED, LOCAL, SPREAD
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import DEF, MASK, SHIFT


class Mixins:
    """The bases of classes, those that come as arguments among them."""

    def __init__(self, program: Program, names: Names) -> None:
        self._program = program
        self._names = names
        self._parameters = self._find_parameters()
        self._calls: dict[int, list[int]] = {}
        """Function with such a parameter → calls of it."""
        functions = {function for function, _ in self._parameters.values()}
        for slot in (*program.by_form[CALL], *program.by_form[DECORATED]) if functions else ():
            for inner in names.static(program.part(slot)):
                if inner & MASK == DEF and inner >> SHIFT in functions:
                    self._calls.setdefault(inner >> SHIFT, []).append(slot)

    def _find_parameters(self) -> dict[int, tuple[int, int]]:
        """Parameter that a class extends → its function and its position there."""
        program, wanted = self._program, set[int]()
        for definition, entry in enumerate(program.definitions):
            file = program.file_of_definition[definition]
            first, traits = program.first_slot[file], program.traits[file]
            if entry.bases and program.is_class(definition) and (traits.prototype or traits.class_bodies_run):
                wanted.update(first + base for base in entry.bases if program.forms[first + base] == LOCAL)
        found: dict[int, tuple[int, int]] = {}
        for function, entry in enumerate(program.definitions) if wanted else ():
            first = program.first_slot[program.file_of_definition[function]]
            for position, parameter in enumerate(entry.parameters):
                if first + parameter.variable in wanted:
                    found[first + parameter.variable] = (function, position)
        return found

    def bases(self, slot: int) -> Sequence[int]:
        """What a class extends; of a parameter the class that all calls give for it, if that is one."""
        if slot not in self._parameters:
            return self._names.bases(slot)
        # Functions may pass their parameters on to each other in circles: each parameter is looked at once.
        found, seen = dict[int, None](), {slot: None}
        left = [slot]
        while left and len(found) <= 1:
            for argument in self._arguments(left.pop()):
                if argument not in self._parameters:
                    found.update(dict.fromkeys(self._names.bases(argument)[:1]))
                elif argument not in seen:
                    seen[argument] = None
                    left.append(argument)
        return list(found) if len(found) == 1 else ()

    def _arguments(self, parameter: int) -> Iterator[int]:
        program, (function, position) = self._program, self._parameters[parameter]
        for call in self._calls.get(function, ()):
            parts = program.parts[call]
            argument = program.first_of_slot[call] + parts[position + 1] if position + 1 < len(parts) else -1
            if argument >= 0 and program.forms[argument] != SPREAD:
                yield argument
