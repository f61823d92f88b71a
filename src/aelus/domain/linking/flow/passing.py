"""Functions that return what they are given: a call of one yields its own arguments, not those of all calls.

`def register(cls): …; return cls` decorates a hundred classes. If its calls shared one result, each decorated name would hold all of them.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from aelus.domain.facts import CALL, LOCAL, MEMBER, SPREAD, SPREAD_MAP, SUPER, UNKNOWN
from aelus.domain.linking.members.members import Members
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import IDLE_FORMS, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.declarations import Declarations
from aelus.domain.linking.values import DEF, MASK, SHIFT

DEPTH: Final = 4
"""Functions that pass a value on to each other."""


class Passed(NamedTuple):
    """What a function returns."""

    parameters: tuple[int, ...]
    """Positions of the parameters that it returns."""
    others: tuple[int, ...]
    """Slots of everything else."""

    makes: bool = False
    """Whether it returns an instance of the class that it is called on."""


NOTHING: Final = Passed((), ())


class Passing:
    """Finds the functions that return parameters, and lets the arguments of a call reach it."""

    def __init__(self, program: Program, names: Names, propagation: Propagation, members: Members, declarations: Declarations) -> None:
        self._program = program
        self._names = names
        self._propagation = propagation
        self._members = members
        self._declarations = declarations
        self._passed: dict[int, Passed] = {}
        self._rests: dict[int, int] = {}
        self._makers: dict[int, int] = {}
        """Class → slot of the instances that class methods make of it."""

    def apply(self, slot: int, function: int, offset: int) -> bool:
        """Let the call `slot` yield what the function returns; false for a function that returns no parameter."""
        passed = self.of(function)
        if passed.makes and offset and self._is_taken_from_class(slot):
            self._make(slot, function, passed)
            return True
        if not passed.parameters or passed.makes:
            return False
        arguments = self._arguments(slot, function, offset)
        if arguments is None:
            return False
        for position in passed.parameters:
            if position in arguments:
                self._propagation.connect(arguments[position], slot)
        self._propagation.connect(self._rest(function, passed), slot)
        return True

    def _is_taken_from_class(self, slot: int) -> bool:
        """Whether what is called is the member of something that says what the instance is of; `super()` does not."""
        program = self._program
        callee = program.part(slot)
        return program.forms[callee] == MEMBER and program.forms[program.part(callee)] != SUPER

    def _make(self, slot: int, function: int, passed: Passed) -> None:
        """The call yields an instance of what it is called on."""
        holder = self._program.part(self._program.part(slot))
        if holder not in self._makers:
            self._makers[holder] = self._program.derived_slot(holder, CALL, "", (holder,))
            self._propagation.subscribe(holder, self._makers[holder])
        self._propagation.connect(self._makers[holder], slot)
        self._propagation.connect(self._rest(function, passed), slot)

    def _rest(self, function: int, passed: Passed) -> int:
        """Where the values meet that are no arguments."""
        rest = self._rests.get(function)
        if rest is None:
            program = self._program
            rest = self._rests[function] = program.new_slot(UNKNOWN)
            for source in passed.others:
                self._propagation.connect(source, rest)
            declared = program.definitions[function].returns
            if declared != UNKNOWN:
                self._declarations.hold(program.first_slot[program.file_of_definition[function]] + declared, rest)
        return rest

    def _arguments(self, slot: int, function: int, offset: int) -> dict[int, int] | None:
        """Position of a parameter → slot of its argument; None where that is not certain."""
        program = self._program
        first, parts = program.first_of_slot[slot], program.parts[slot]
        names = program.texts[slot].split(",") if program.texts[slot] else []
        given = [first + part for part in parts[1:]]
        if any(program.forms[argument] in (SPREAD, SPREAD_MAP) for argument in given):
            return None
        positional = len(given) - len(names)
        found = {offset + position: argument for position, argument in enumerate(given[:positional])}
        numbers = {parameter.name: number for number, parameter in enumerate(program.definitions[function].parameters)}
        return found | {numbers[name]: argument for name, argument in zip(names, given[positional:], strict=True) if name in numbers}

    # --- what functions return -----------------------------------------------------------------------------------------------------------

    def of(self, function: int, depth: int = 0) -> Passed:
        """What a function returns; nothing is said of one that returns no parameter."""
        known = self._passed.get(function)
        if known is None:
            self._passed[function] = NOTHING
            known = self._find(function, depth) if depth < DEPTH else NOTHING
            self._passed[function] = known
        return known

    def _find(self, function: int, depth: int) -> Passed:
        program = self._program
        result = program.returns.get(function, -1)
        if result in self._propagation.sealed or result not in program.sources:
            return NOTHING
        passes = any(program.forms[source] in (LOCAL, CALL) for source in program.sources[result])
        variables = self._own(function) if passes else {}
        made = self._makes(function)
        parameters: dict[int, None] = {}
        others: list[int] = []
        for source in program.sources[result]:
            if source in variables:
                parameters[variables[source]] = None
            elif source in made:
                continue
            elif program.forms[source] == CALL:
                inner, rest = self._through(source, variables, depth)
                parameters.update(inner)
                others.extend(rest)
            else:
                others.append(source)
        makes = len(others) + len(parameters) < len(program.sources[result]) and bool(made)
        return Passed(tuple(parameters), tuple(others), makes) if parameters or makes else NOTHING

    def _makes(self, function: int) -> dict[int, None]:
        """Values of a class method that are instances of its class: `cls(…)`, and variables that hold nothing else."""
        program, entry = self._program, self._program.definitions[function]
        if "classmethod" not in entry.modifiers or not entry.parameters or function in program.decorated:
            return {}
        receiver = self._program.parameter_slot(function, 0)
        results = program.sources[program.returns[function]]
        found: dict[int, None] = {}
        for source in results:
            values = program.sources.get(source, ()) if program.forms[source] == LOCAL else (source,)
            if values and all(program.forms[made] == CALL and program.part(made) == receiver for made in values):
                found[source] = None
        return found

    def _own(self, function: int) -> dict[int, int]:
        """Variable → position of the parameters that hold nothing but their arguments."""
        program, entry = self._program, self._program.definitions[function]
        found = ((self._program.parameter_slot(function, number), number) for number in range(len(entry.parameters)))
        return {
            variable: number
            for variable, number in found
            if entry.parameters[number].kind in ("positional", "keyword")
            and all(program.forms[source] in IDLE_FORMS for source in program.sources.get(variable, ()))
        }

    def _through(self, call: int, variables: dict[int, int], depth: int) -> tuple[dict[int, None], tuple[int, ...]]:
        """Parameters that a call of another function passes on, and what else it returns."""
        static = self._names.static(self._program.part(call))
        called = [inner >> SHIFT for inner in static if inner & MASK == DEF and self._program.is_function(inner >> SHIFT)]
        bodies = [function for function in called if "overload" not in self._program.definitions[function].modifiers]
        function = bodies[0] if len(bodies) == 1 and len(called) == len(static) else -1
        if function < 0:
            return {}, (call,)
        passed = self.of(function, depth + 1)
        arguments = self._arguments(call, function, 0) if passed.parameters else None
        given = [arguments.get(position, -1) for position in passed.parameters] if arguments is not None else [-1]
        if any(argument not in variables for argument in given):
            return {}, (call,)
        return {variables[argument]: None for argument in given}, passed.others
