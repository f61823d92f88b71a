"""Type parameters of a generic class under the names that an implementation has for them: `impl<A> Pile<A>` of `struct Pile<T>`."""

from __future__ import annotations

from aelus.domain.facts import GENERIC, UNKNOWN
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.program import Program
from aelus.domain.linking.types.substitution import Arguments

Renamed = tuple[tuple[str, str], ...]


class RenamedParameters:
    """Knows them by the methods of implementations."""

    def __init__(self, program: Program, hierarchy: Hierarchy) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._known: dict[tuple[int, int], Renamed] = {}
        """(file, type that is implemented for) → (name in the class, name in the implementation), where any of them differ."""

    def names(self, method: int) -> list[str]:
        """The names that are others than those of the class."""
        return [own for name, own in self._of(method) if own != name]

    def given(self, method: int, arguments: Arguments) -> Arguments:
        """Type arguments of the class, by the names that the method has for them."""
        renamed = {own: arguments[name] for name, own in self._of(method) if name in arguments}
        return {**arguments, **renamed} if renamed else arguments

    def _of(self, method: int) -> Renamed:
        program, receiver = self._program, self._program.definitions[method].receiver
        file = program.file_of_definition[method]
        if receiver == UNKNOWN or not program.traits[file].generic_implementations:
            return ()
        known = self._known.get((file, receiver))
        if known is None:
            known = self._known[file, receiver] = self._find(method, program.first_slot[file] + receiver)
        return known

    def _find(self, method: int, written: int) -> Renamed:
        program, owner = self._program, self._hierarchy.owner.get(method, -1)
        if owner < 0 or program.forms[written] != GENERIC:
            return ()
        parts = [program.first_of_slot[written] + part for part in program.parts[written][1:]]
        pairs = zip(program.definitions[owner].type_parameters, parts, strict=False)
        found = tuple([(name, program.texts[part]) for name, part in pairs if program.is_type_parameter(part)])
        return found if any(name != own for name, own in found) else ()
