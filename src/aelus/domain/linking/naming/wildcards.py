"""Imports of all names of a module: which statements are asked for a name, in which order, and what they bring."""

from __future__ import annotations

from collections.abc import Iterable

from aelus.domain.facts import Import
from aelus.domain.linking.externals import Externals
from aelus.domain.linking.library_types import library_types
from aelus.domain.linking.naming.privacy import hides
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import EXTERNAL, MASK, MODULE, SHIFT

EVERYTHING = "*"


class Wildcards:
    """The wildcard imports of all files."""

    def __init__(self, program: Program, externals: Externals) -> None:
        self._program = program
        self._externals = externals
        self._of: list[list[Import]] = [[i for i in unit.facts.imports if i.name == EVERYTHING] for unit in program.units]
        self._share()
        self._listed = [frozenset(export.name for export in unit.facts.exports) - {EVERYTHING} for unit in program.units]

    def _share(self) -> None:
        """Some wildcard imports hold for all files of their language."""
        program, shared = self._program, dict[str, list[Import]]()
        for file, statements in enumerate(self._of):
            found = [statement for statement in statements if "global" in statement.modifiers]
            shared.setdefault(program.traits[file].name, []).extend(found)
        for file, statements in enumerate(self._of):
            statements.extend(shared[program.traits[file].name])

    def of(self, file: int) -> Iterable[Import]:
        """Those of a file; where a later statement hides what an earlier one has brought, later ones first."""
        return reversed(self._of[file]) if self._program.traits[file].exports_all else self._of[file]

    def within(self, namespace: int) -> Iterable[Import]:
        """Those that stand in a namespace."""
        file = self._program.file_of_definition[namespace]
        own = namespace - self._program.first_definition[file]
        return (statement for statement in self._of[file] if statement.definition == own)

    def brings(self, file: int, holder: int, name: str) -> bool:
        """Whether an import of all names of `holder` brings this one: external packages claim nothing but types that are known.

        Of a module that lists what it offers come these names, of others all that are not private.
        """
        if holder & MASK == EXTERNAL:
            library = library_types(self._program.traits[file].types)
            return library.get(f"{self._externals.entries[holder >> SHIFT].qualified_name}.{name}") is not None
        traits = self._program.traits[holder >> SHIFT] if holder & MASK == MODULE else None
        if traits is not None and hides(self._program, file, holder >> SHIFT, name):
            return False
        if traits is None or not traits.exports_all or traits.open_namespaces:
            return True
        listed = self._listed[holder >> SHIFT]
        return name in listed if listed else not name.startswith("_")
