"""Variables whose contents may be changed where the text does not show it.

What is given to a function without a body may be filled by it, and all that it points to: `memcpy(&a, &b, sizeof a)`.
An array that is given to any function, or that another variable stands for, may be filled through that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from aelus.domain.facts import CALL, FREE, INDEX, INSTANCE, LOCAL, MAPPING, MEMBER, NEW, SEQUENCE, UNION
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.naming.prototypes import DECLARATION
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import DEF, MASK, SHIFT

WHOLE: Final = frozenset({UNION, SEQUENCE, MAPPING, INSTANCE})
"""Forms whose parts are all values."""


class Escapes:
    """Looked for once in the whole program, each expression at most once."""

    def __init__(self, program: Program, names: Names, files: frozenset[int]) -> None:
        self._program = program
        self._names = names
        self._files = files
        self.variables: set[int] = set()
        self.fields: set[str] = set()
        """Names of the fields that are given away."""
        self.assigned: dict[int, list[int]] = {}
        """Variable → what other files assign to it."""
        self._shared: set[int] = set()
        self._arguments: dict[tuple[int, int], list[int]] = {}
        """Function, position → what its parameter is given, in any call."""

    def is_shared(self, variable: int) -> bool:
        """Whether an array is filled elsewhere, or may be."""
        return variable in self.variables or variable in self._shared or variable in self._program.parameters

    def find(self, stores: Mapping[str, list[int]], elements: Mapping[int, list[int]]) -> None:
        """Given what is stored into fields of a name, and into the elements of a variable."""
        program, waiting = self._program, list[int]()
        for slot in program.by_form[CALL]:
            if program.file_of_slot(slot) in self._files:
                waiting.extend(self._given_away(slot))
        for target, sources in program.sources.items():
            if target < program.file_slots and program.file_of_slot(target) in self._files:
                for source in sources:
                    self._share(source)
                self._note_target(target, sources)
        seen = set(waiting)
        while waiting:
            for inner in self._behind(waiting.pop(), stores, elements):
                if inner not in seen:
                    seen.add(inner)
                    waiting.append(inner)

    def _given_away(self, call: int) -> list[int]:
        """Arguments of a call that no body is known for."""
        program = self._program
        arguments = [program.first_of_slot[call] + part for part in program.parts[call][1:]]
        for argument in arguments:
            self._share(argument)
        called = self._names.static(program.part(call))
        functions = [inner >> SHIFT for inner in called if inner & MASK == DEF]
        bodies = [function for function in functions if DECLARATION not in program.definitions[function].modifiers]
        for function in bodies:
            for position, argument in enumerate(arguments):
                self._arguments.setdefault((function, position), []).append(argument)
        taken = min((len(program.definitions[function].parameters) for function in bodies), default=0)
        return arguments[taken:] if len(bodies) == len(called) else arguments

    def _share(self, slot: int) -> None:
        for variable in self._variables_of(slot):
            self._shared.add(variable)

    def _note_target(self, target: int, sources: Iterable[int]) -> None:
        """What is assigned by a name of another file."""
        program = self._program
        array = program.part(target) if program.forms[target] == INDEX else target
        if program.forms[array] == FREE:
            for variable in self._variables_of(array):
                self.assigned.setdefault(variable, []).extend(sources)
                if array != target:
                    self._shared.add(variable)

    def _variables_of(self, slot: int) -> list[int]:
        """Variables that an expression stands for, or its parts, as `b ? x : y` and `{x, y}`."""
        program, found, waiting, seen = self._program, list[int](), [slot], set[int]()
        while waiting:
            here = waiting.pop()
            if here >= program.file_slots or here in seen:
                continue
            seen.add(here)
            form = program.forms[here]
            if form == LOCAL:
                found.append(program.variable_of(here))
            elif form == FREE:
                targets = self._names.free(program.file_of_slot(here), program.texts[here]).slots
                found.extend(program.variable_of(inner) for inner in targets if program.forms[inner] == LOCAL)
            elif form == INDEX:
                waiting.append(program.part(here))
            elif form in WHOLE or form == NEW:
                waiting.extend(program.first_of_slot[here] + part for part in program.parts[here][form == NEW :])
        return found

    def _behind(self, slot: int, stores: Mapping[str, list[int]], elements: Mapping[int, list[int]]) -> list[int]:
        """What one comes to from an expression that is given away."""
        program = self._program
        if slot >= program.file_slots:
            return list(program.sources.get(slot, ()))
        form = program.forms[slot]
        if form == MEMBER:
            self.fields.add(program.texts[slot])
            return [source for store in stores.get(program.texts[slot], ()) for source in program.sources[store]]
        if form == CALL:
            called = [inner >> SHIFT for inner in self._names.static(program.part(slot)) if inner & MASK == DEF]
            return [program.return_slot(function) for function in called]
        found = [program.part(slot)] if form == INDEX else list[int]()
        for variable in self._variables_of(slot) if form in (LOCAL, FREE, INDEX) else ():
            self.variables.add(variable)
            for table in (program.sources, elements, self.assigned):
                found.extend(table.get(variable, ()))
            found.extend(program.sources.get(slot, ()))
            if variable in program.parameters:
                found.extend(self._arguments.get(program.parameters[variable], ()))
        if form in WHOLE or form == NEW:
            found.extend(program.first_of_slot[slot] + part for part in program.parts[slot][form == NEW :])
        return found
