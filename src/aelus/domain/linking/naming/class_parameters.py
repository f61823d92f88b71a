"""Type parameters of classes that do not list them: `class Box(Generic[T])`, `class Pair(Base[T], Other[list[U]])`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from aelus.domain.facts import CALL, GENERIC, LOCAL
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program

PARTS: Final = 64
"""Types in the arguments of one class's bases that are looked at."""


def find_class_parameters(program: Program, names: Names) -> None:
    """Give such classes the type variables that the arguments of their bases name, in their order."""
    words = {traits.name: frozenset(traits.type_variables) for traits in program.languages if traits.type_variables}
    for definition, entry in enumerate(program.definitions if words else ()):
        file = program.file_of_definition[definition]
        known = words.get(program.traits[file].name)
        if known is None or not entry.bases or entry.type_parameters or not program.is_class(definition):
            continue
        bases = [program.first_slot[file] + part for part in entry.bases if program.forms[program.first_slot[file] + part] == GENERIC]
        listing = [base for base in bases if program.texts[program.part(base)] in program.traits[file].parameter_bases]
        named = _variables(program, names, listing or bases, known) if bases else ()
        if named:
            program.definitions[definition] = entry._replace(type_parameters=tuple(named))


def _variables(program: Program, names: Names, types: list[int], words: frozenset[str]) -> Iterable[str]:
    """Names of the type variables in some types with arguments, each once."""
    found, waiting = dict[str, None](), types[::-1]
    for _ in range(PARTS):
        if not waiting:
            break
        slot = waiting.pop()
        if program.forms[slot] == GENERIC:
            waiting.extend([program.first_of_slot[slot] + part for part in reversed(program.parts[slot][1:])])
        elif program.forms[slot] == LOCAL and _is_variable(program, names, slot, words):
            found[program.texts[slot]] = None
    return found


def _is_variable(program: Program, names: Names, slot: int, words: frozenset[str]) -> bool:
    """Whether a name is bound to a call that makes a type variable, in its own file or where it is imported from."""
    targets = [slot]
    for file, statement in program.imports.get(slot, ()):
        targets.extend(names.imported(file, statement).slots)
    sources = [source for target in targets for source in program.sources.get(target, ())]
    return any(program.forms[source] == CALL and program.texts[program.part(source)] in words for source in sources)
