"""Classes of which the text itself says that a value is an instance, in languages where no class extends another one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aelus.domain.facts import CALL, LOCAL, NEW
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import HELD, Program
from aelus.domain.linking.types.substitution import BEHIND, NOTHING, Arguments
from aelus.domain.linking.values import DEF, MASK, SHIFT

CONCRETE: Final = frozenset({"Struct", "Enum"})
DEPTH: Final = 3
"""Variables behind which the class is looked for."""


class EvidentClasses:
    """Looks at literals, declarations and results."""

    def __init__(self, program: Program, names: Names, associated: Mapping[tuple[int, str], Mapping[str, int]]) -> None:
        self._program = program
        self._names = names
        self._left_open: dict[int, dict[str, int]] = {}
        """Class → types that its interfaces leave open → what they are for it."""
        for (definition, _), types in associated.items():
            self._left_open.setdefault(definition, {}).update(types)
        self._noted: dict[int, int] = {}
        """Slot of what a type parameter is known to hold → the class of all that says so; -1 where the text does not say it."""

    def note(self, held: int, argument: int) -> None:
        """An argument says what a type parameter holds."""
        found = self.of(argument)
        self._noted[held] = found if self._noted.get(held, found) == found else -1

    def is_noted(self, held: int) -> bool:
        """Whether anything says what a type parameter holds."""
        return held in self._noted

    def is_known(self, given: int) -> bool:
        """Whether a type is written for a type parameter, or the arguments that say it are evidently of one."""
        return self._noted.get(given, -1) >= 0 if self._program.forms[given] == HELD else bool(self._names.static(given))

    def with_projections(self, arguments: Arguments) -> Arguments:
        """Type arguments, and the types behind them that their classes say: `E::Out` where `E` is `Hex`."""
        found = dict(arguments)
        for name, given in arguments.items() if self._left_open else ():
            known = self._noted.get(given, -1) if self._program.forms[given] == HELD else self.named(given)
            for behind, slot in self._left_open.get(known, NOTHING).items():
                found[f"{name}{BEHIND}{behind}"] = slot
        return found

    def of(self, argument: int, depth: int = DEPTH) -> int:
        """The class of which a value is an instance; -1 where the text does not say it, or another class may extend that."""
        program, form = self._program, self._program.forms[argument]
        if not program.traits[program.file_of_slot(argument)].literal_instances:
            return -1
        if form == NEW:
            return self.named(program.part(argument))
        if form == CALL:
            functions = [inner >> SHIFT for inner in self._names.static(program.part(argument)) if inner & MASK == DEF]
            made = [function for function in functions if program.is_function(function) and program.definitions[function].returns]
            return self.named(self._result_of(made[0])) if len(made) == 1 else -1
        if form != LOCAL or not depth:
            return -1
        if written := program.declared.get(argument):
            return self.named(written[0]) if len(written) == 1 else -1
        sources, itself = program.sources.get(argument, ()), self.named(argument)
        return itself if itself >= 0 or len(sources) != 1 else self.of(sources[0], depth - 1)

    def named(self, slot: int) -> int:
        """The class that an expression names; -1 for interfaces, type parameters and what may be several."""
        static = self._names.static(slot)
        only = static[0] >> SHIFT if len(static) == 1 and static[0] & MASK == DEF else -1
        return only if only >= 0 and self._program.definitions[only].kind in CONCRETE else -1

    def _result_of(self, function: int) -> int:
        program = self._program
        return program.first_slot[program.file_of_definition[function]] + program.definitions[function].returns
