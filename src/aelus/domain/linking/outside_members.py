"""Members that classes of the program have from classes of elsewhere."""

from __future__ import annotations

from aelus.domain.linking.hierarchy import Hierarchy
from aelus.domain.linking.library_knowledge import LibraryKnowledge
from aelus.domain.linking.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.values import EXTERNAL, value


class OutsideMembers:
    """Lets them reach the expressions that name them."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, propagation: Propagation, library: LibraryKnowledge) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._library = library

    def shadows(self, definition: int, owner: int, name: str) -> bool:
        """Whether a class from elsewhere that the class extends has the method which an interface of the program asks for."""
        if self._program.definitions[owner].kind != "Interface" or not self._inherits_overloads(owner) or owner == definition:
            return False
        return any(self._library.has(owner, base, name) for base in self._hierarchy.external_superclasses(definition))

    def take(self, definition: int, target: int, name: str) -> None:
        """A member that only bases from elsewhere have: that of the one which is known to have it, or of the only one."""
        bases = self._hierarchy.external_bases_of(definition)
        if self._program.traits[self._program.file_of_definition[definition]].outside_members and len(bases) == 1:
            self._propagation.add(target, self._names.member(value(EXTERNAL, bases[0]), name).values[0])
        if not self._inherits_overloads(definition):
            return
        having = [base for base in bases if self._library.has(definition, base, name)]
        unknown = [base for base in bases if not self._library.knows(definition, base)]
        found = having[:1] or (unknown if len(unknown) == 1 else [])
        top = self._library.top(definition)
        if not found and top >= 0 and self._library.has(definition, top, name):
            found = [top]
        for base in found:
            self._propagation.add(target, self._names.member(value(EXTERNAL, base), name).values[0])

    def _inherits_overloads(self, owner: int) -> bool:
        return self._program.traits[self._program.file_of_definition[owner]].inherits_overloads
