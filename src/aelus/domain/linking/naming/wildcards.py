"""Imports of all names of a module: which statements are asked for a name, in which order, and what they bring."""

from __future__ import annotations

from collections.abc import Iterable

from aelus.domain.facts import Import
from aelus.domain.linking.externals import Externals
from aelus.domain.linking.library_types import library_types
from aelus.domain.linking.modules import Modules
from aelus.domain.linking.naming.privacy import hides
from aelus.domain.linking.naming.shared_names import SHARED
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import EXTERNAL, MASK, MODULE, SHIFT

EVERYTHING = "*"
NESTED = "::"


class Wildcards:
    """The wildcard imports of all files."""

    def __init__(self, program: Program, externals: Externals) -> None:
        self._program = program
        self._externals = externals
        self._of: list[list[Import]] = [[i for i in unit.facts.imports if i.name == EVERYTHING] for unit in program.units]
        self._share()
        self._named: dict[tuple[int, int, str], str] = {}
        """(file, definition around, module as written) → what it is called in full."""
        self._listed = [frozenset(export.name for export in unit.facts.exports) - {EVERYTHING} for unit in program.units]

    def _share(self) -> None:
        """Some wildcard imports hold for all files of their language."""
        program, shared = self._program, dict[str, list[Import]]()
        for file, statements in enumerate(self._of):
            found = [statement for statement in statements if SHARED in statement.modifiers]
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

    def module(self, file: int, statement: Import, modules: Modules) -> str:
        """What a statement names in full: a namespace may be named as the one around sees it."""
        if statement.definition < 0 or not self._program.traits[file].open_namespaces:
            return statement.module
        key = (file, statement.definition, statement.module)
        known = self._named.get(key)
        if known is None:
            around = (f"{name}.{statement.module}" for name in self._around(file, statement.definition))
            known = next((name for name in around if modules.root(file, name) is not None), statement.module)
            self._named[key] = known
        return known

    def _around(self, file: int, definition: int) -> list[str]:
        """Full names of the namespaces around, the innermost one first."""
        first, names = self._program.first_definition[file], list[str]()
        while definition >= 0:
            entry = self._program.definitions[first + definition]
            if entry.kind == "Namespace" and entry.name:
                path = ".".join(entry.name.split(NESTED))
                names = [*(f"{path}.{name}" for name in names), path]
            definition = entry.parent
        return names

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
