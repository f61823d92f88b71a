"""Classes that extend the language's containers: what one instance holds, all may hold."""

from __future__ import annotations

from aelus.domain.facts import FREE, MAPPING, SEQUENCE
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import OBJECT, value

FORMS = {"sequence": SEQUENCE, "mapping": MAPPING}


class ContainerClasses:
    """Has a container for each of them."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy) -> None:
        self._program = program
        self._hierarchy = hierarchy
        self._words = {name: kind for traits in program.languages for name, kind in traits.container_bases}
        self._entries = names.externals.entries
        self._known: dict[int, int] = {}

    def of(self, definition: int) -> int:
        """The container that instances of a class are; -1 for other classes."""
        if not self._words:
            return -1
        known = self._known.get(definition)
        if known is None:
            known = self._known[definition] = self._find(definition)
        return known

    def _find(self, definition: int) -> int:
        """Classes that extend one another share the container of the first one in their order that extends a builtin one itself."""
        for owner in self._hierarchy.order(definition):
            kinds = [self._words[base] for base in self._named(owner) if base in self._words]
            if kinds and owner != definition:
                return self.of(owner)
            if kinds:
                program = self._program
                return value(OBJECT, program.derived_slot(program.slot_of_definition[owner], FORMS[kinds[0]], "", ()))
        return -1

    def _named(self, definition: int) -> list[str]:
        """Full names of the classes from elsewhere that a class extends itself, those known without import among them."""
        program, file = self._program, self._program.file_of_definition[definition]
        bases = [program.without_arguments(program.first_slot[file] + part) for part in program.definitions[definition].bases]
        builtins = [f"{program.traits[file].builtins_package}.{program.texts[base]}" for base in bases if program.forms[base] == FREE]
        return [*builtins, *(self._entries[base].qualified_name for base in self._hierarchy.external_bases.get(definition, ()))]
