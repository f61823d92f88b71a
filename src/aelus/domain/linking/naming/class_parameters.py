"""Type parameters of classes that do not list them: `class Box(Generic[T])`, `class Pair(Base[T], Other[list[U]])`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from aelus.domain.facts import GENERIC, LOCAL
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.naming.type_variables import is_call_of
from aelus.domain.linking.program import Program

PARTS: Final = 64
"""Types in the arguments of one class's bases that are looked at."""


def find_class_parameters(program: Program, names: Names) -> None:
    """Give such classes the type variables that the arguments of their bases name, in their order."""
    variables = _TypeVariables(program, names) if any(traits.type_variables for traits in program.languages) else None
    for definition, entry in enumerate(program.definitions if variables is not None else ()):
        file = program.file_of_definition[definition]
        if variables is None or not entry.bases or entry.type_parameters or not program.is_class(definition):
            continue
        if not program.traits[file].type_variables:
            continue
        bases = [program.first_slot[file] + part for part in entry.bases if program.forms[program.first_slot[file] + part] == GENERIC]
        listing = [base for base in bases if program.texts[program.part(base)] in program.traits[file].parameter_bases]
        named = variables.named(listing or bases) if bases else ()
        if named:
            program.definitions[definition] = entry._replace(type_parameters=tuple(named))


class _TypeVariables:
    """Knows the names that are bound to type variables; each name is looked at once."""

    def __init__(self, program: Program, names: Names) -> None:
        self._program = program
        self._names = names
        self._made: dict[int, bool] = {}
        self._named: dict[int, bool] = {}

    def named(self, types: list[int]) -> Iterable[str]:
        """Names of the type variables in some types with arguments, each once."""
        program = self._program
        found, waiting = dict[str, None](), types[::-1]
        for _ in range(PARTS):
            if not waiting:
                break
            slot = waiting.pop()
            if program.forms[slot] == GENERIC:
                waiting.extend([program.first_of_slot[slot] + part for part in reversed(program.parts[slot][1:])])
            elif program.forms[slot] == LOCAL and self._is_variable(slot):
                found[program.texts[slot]] = None
        return found

    def _is_variable(self, slot: int) -> bool:
        """Whether a name is bound to a call that makes a type variable, in its own file or where it is imported from."""
        known = self._named.get(slot)
        if known is None:
            imported = (self._names.imported(file, statement) for file, statement in self._program.imports.get(slot, ()))
            known = self._is_made(slot) or any(self._is_made(target) for found in imported for target in found.slots)
            self._named[slot] = known
        return known

    def _is_made(self, slot: int) -> bool:
        """Whether a call that makes a type variable is assigned to a variable."""
        known = self._made.get(slot)
        if known is None:
            words = self._program.traits[self._program.file_of_slot(slot)].type_variables
            sources = self._program.sources.get(slot, ())
            known = self._made[slot] = any(is_call_of(self._program, source, words) for source in sources)
        return known
