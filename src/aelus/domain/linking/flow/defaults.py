"""Defaults of parameters, which wait for a call that leaves the parameter to them.

Who reads a function takes a default for one of the values of its parameter, since others may leave it out. A program that runs says more:
where the top level of a file leads to calls of the function, and each call of it gives the argument, the default is never used.
"""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import CALL, CONSTANT, DECORATED, SPREAD, SPREAD_MAP, UNKNOWN
from aelus.domain.linking.flow.called_functions import CalledFunctions
from aelus.domain.linking.program import IDLE_FORMS, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.keys import Keys

UNTOLD: Final = frozenset({"property", "setter", "deleter"})
"""Modifiers of methods that run otherwise than by calls."""
REACHED: Final = 4_096
"""Functions that the top levels of files are followed to; of the others nobody knows who calls them."""


class Defaults:
    """Holds defaults back, and lets those in that a call, or nobody, needs."""

    def __init__(self, program: Program, propagation: Propagation, called: CalledFunctions, keys: Keys) -> None:
        self._program = program
        self._propagation = propagation
        self._called = called
        self._keys = keys
        self._waiting: dict[int, dict[int, tuple[int, int]]] = {}
        """Function → position of a parameter → default and variable."""
        self._given: set[int] = set()
        """Functions that some call has given all that waits."""
        self._pairs: set[tuple[int, int]] = self._find()

    def _find(self) -> set[tuple[int, int]]:
        program, pairs = self._program, set[tuple[int, int]]()
        for definition, entry in enumerate(program.definitions):
            file = program.file_of_definition[definition]
            traits, first = program.traits[file], program.first_slot[file]
            if not entry.parameters or not traits.defaults_wait or not UNTOLD.isdisjoint(entry.modifiers):
                continue
            called = {*traits.constructors, program.operation(file, "call")}
            if entry.name.startswith(traits.special_members) and entry.name not in called:
                continue
            for position, parameter in enumerate(entry.parameters):
                default, variable = first + parameter.default, first + parameter.variable
                if parameter.default != UNKNOWN and program.forms[default] not in IDLE_FORMS:
                    self._waiting.setdefault(definition, {})[position] = (default, variable)
                    pairs.add((default, variable))
        return pairs

    @property
    def variables(self) -> set[int]:
        """Variables whose defaults wait."""
        return {target for _, target in self._pairs}

    def waits(self, source: int, target: int) -> bool:
        """Whether a value is a default of a variable that waits to be needed."""
        return (source, target) in self._pairs

    def hold_back(self, function: int, position: int, source: int) -> bool:
        """Whether a constant is the default of a parameter that is a key, and waits."""
        program, file = self._program, self._program.file_of_definition[function]
        parameter, first = program.definitions[function].parameters[position], program.first_slot[file]
        if not program.traits[file].defaults_wait or program.forms[source] != CONSTANT or source != first + parameter.default:
            return False
        self._waiting.setdefault(function, {})[position] = (source, first + parameter.variable)
        return True

    def _let_in(self, default: int, variable: int) -> None:
        if self._program.forms[default] == CONSTANT:
            self._keys.give(default, variable)
        else:
            self._propagation.connect(default, variable)

    def enter(self, slot: int, function: int, offset: int) -> None:
        """A call of a function: what it leaves out is the default."""
        waiting = self._waiting.get(function)
        if not waiting:
            return
        given = self._given_at(slot, function, offset)
        for position in [position for position in waiting if position not in given]:
            self._let_in(*waiting.pop(position))
        if waiting:
            self._given.add(function)

    def _given_at(self, slot: int, function: int, offset: int) -> set[int]:
        """Positions of the parameters that a call certainly gives."""
        program = self._program
        first, parts = program.first_of_slot[slot], program.parts[slot]
        if program.forms[slot] == DECORATED:
            return {offset}
        names = program.texts[slot].split(",") if program.texts[slot] and program.forms[slot] == CALL else []
        found, written = set[int](), slot < program.file_slots
        positional = parts[1 : len(parts) - len(names)]
        for position, part in enumerate(positional, offset):
            form = program.forms[first + part]
            if form in (SPREAD, SPREAD_MAP):
                break
            if written or form not in IDLE_FORMS:
                found.add(position)
        numbers = {parameter.name: number for number, parameter in enumerate(program.definitions[function].parameters)}
        return found | {numbers[name] for name in names if name in numbers}

    def settle(self) -> None:
        """Defaults of functions come in that nothing calls which the program itself runs."""
        if not self._waiting:
            return
        run = self._run_on_top() if self._given else set[int]()
        for function, waiting in self._waiting.items():
            for position in tuple(waiting) if function not in run or function not in self._given else ():
                self._let_in(*waiting.pop(position))

    def _run_on_top(self) -> set[int]:
        """Functions that the top levels of files lead to."""
        program = self._program
        run, work = set[int](), [(file, -1) for file, traits in enumerate(program.traits) if traits.defaults_wait]
        while work and len(run) < REACHED:
            file, local = work.pop()
            for slot in self._called.in_definition(file, local):
                for function in self._called.functions(slot):
                    if function not in run:
                        run.add(function)
                        inner = program.file_of_definition[function]
                        work.append((inner, function - program.first_definition[inner]))
        return run
