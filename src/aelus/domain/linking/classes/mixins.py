"""What classes extend that functions make of the classes which they are given: `const Timed = (Base) => class extends Base {}`,
and decorators of the classes that they decorate.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from aelus.domain.facts import CALL, DECORATED, FREE, LOCAL, MEMBER, SPREAD
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import DEF, MASK, SHIFT

NAMED: Final = frozenset({LOCAL, MEMBER, FREE})


class Mixins:
    """The bases of classes, those that come as arguments among them."""

    def __init__(self, program: Program, names: Names) -> None:
        self._program = program
        self._names = names
        self._parameters = self._find_parameters()
        self._calls: dict[int, list[int]] = {}
        """Function with such a parameter → calls of it."""
        if self._parameters:
            self._find_calls({function for function, _ in self._parameters.values()})

    def _find_calls(self, functions: set[int]) -> None:
        """Note the calls of the functions: what is called may be one of them where it bears a name that they go by, or is imported."""
        program, names = self._program, self._known_as({self._program.definitions[function].name for function in functions})
        for form in (CALL, DECORATED):
            for slot, callee in program.with_first_parts(form):
                if program.forms[callee] in NAMED and program.texts[callee] not in names and callee not in program.imports:
                    continue
                for inner in self._names.static(callee):
                    if inner & MASK == DEF and inner >> SHIFT in functions:
                        self._calls.setdefault(inner >> SHIFT, []).append(slot)

    def _known_as(self, names: set[str]) -> set[str]:
        """Names, and those that assignments, imports and exports give to what bears one of them."""
        program, renamed = self._program, dict[str, list[str]]()
        for target, sources in program.sources.items():
            for source in sources if program.forms[target] in NAMED else ():
                if program.forms[source] in NAMED and program.texts[source] != program.texts[target]:
                    renamed.setdefault(program.texts[source], []).append(program.texts[target])
        for file, unit in enumerate(program.units):
            first = program.first_slot[file]
            for statement in unit.facts.imports:
                renamed.setdefault(statement.name, []).append(program.texts[first + statement.variable])
            for export in unit.facts.exports:
                renamed.setdefault(export.imported or program.texts[first + export.expression], []).append(export.name)
        found, left = set(names), list(names)
        while left:
            further = [name for name in renamed.pop(left.pop(), ()) if name not in found]
            found.update(further)
            left.extend(further)
        return found

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
