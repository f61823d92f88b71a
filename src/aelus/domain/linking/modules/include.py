"""Files that include each other's text, and namespaces that any file may add to.

A specifier that begins with `#` is an include, any other one a namespace with its names behind it.

Source: ISO/IEC 9899, 6.10.2 "Source file inclusion"; ISO/IEC 14882, "Namespaces".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from aelus.domain.facts import MACRO
from aelus.domain.linking.externals import Externals
from aelus.domain.linking.modules.paths import PATH, Paths
from aelus.domain.linking.modules.system import Found, PackageFamily
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import EXTERNAL, MODULE, PACKAGE, value

INLINE: Final = "inline"
"""Modifier of a namespace whose names are those of the one around it too."""
SEPARATOR: Final = "::"
NAMED: Final = re.compile(r"#\s*define\s+\w+\s+(\w+(?:::\w+)*)\s*")
"""A macro that stands for a name."""
OPENED: Final = re.compile(r"(inline\s+)?\bnamespace\s+(\w+(?:::\w+)*)\s*(?:\{|$)")


class IncludedFiles:
    files_are_modules = False

    def __init__(
        self, program: Program, mine: Sequence[int], _manifests: Mapping[str, str], packages: PackageFamily, externals: Externals
    ) -> None:
        self._paths = Paths(program, mine)
        self._packages = packages
        self._externals = externals
        named = _named_by_macros(program, mine)
        opened = _opened_namespaces(program, mine, named)
        for file in mine:
            self._name_opened(program, file, opened, named)
            self._add_namespaces(program, file)

    def _add_namespaces(self, program: Program, file: int) -> None:
        """Each namespace of a file is a part of the one of its name."""
        first = program.first_definition[file]
        names: dict[int, str] = {}
        for number in range(len(program.units[file].facts.definitions)):
            entry = program.definitions[first + number]
            if entry.kind == "Namespace":
                path = ".".join(entry.name.split(SEPARATOR))
                names[number] = f"{names[entry.parent]}.{path}" if entry.parent in names else path
                package = self._packages.number(names[number])
                self._packages.scopes[package].append((file, entry.body))
                self._packages.of_namespace[first + number] = package
                self._add_parents(names[number], package)
                if INLINE in entry.modifiers and entry.parent in names:
                    self._packages.scopes[self._packages.number(names[entry.parent])].append((file, entry.body))

    def _name_opened(self, program: Program, file: int, opened: Mapping[str, str], named: Mapping[str, str]) -> None:
        """Namespaces that macros open or name are called as these say; where they say nothing of it, their names are those around."""
        first = program.first_definition[file]
        for definition in range(first, first + len(program.units[file].facts.definitions)):
            entry = program.definitions[definition]
            if MACRO in entry.modifiers:
                name = opened.get(entry.name, "")
                modifiers = entry.modifiers if name else (*entry.modifiers, INLINE)
                program.definitions[definition] = entry._replace(name=name or entry.name, signature=entry.name, modifiers=modifiers)
            elif entry.kind == "Namespace" and entry.name in named:
                program.definitions[definition] = entry._replace(name=named[entry.name])

    def _add_parents(self, name: str, number: int) -> None:
        while "." in name:
            name, _, last = name.rpartition(".")
            parent = self._packages.number(name)
            self._packages.children[parent].setdefault(last, value(PACKAGE, number))
            number = parent

    def name_of(self, _file: int) -> str:
        return ""

    def package_of(self, _file: int) -> int:
        return -1

    def submodule(self, _file: int, _name: str) -> int:
        return -1

    def root(self, _file: int, name: str) -> Found | None:
        """A namespace that is in no other one."""
        number = self._packages.get(name)
        return Found(value(PACKAGE, number)) if number >= 0 else None

    def find(self, file: int, specifier: str) -> Found | None:
        if specifier.startswith(PATH):
            return self._included(file, specifier[1:])
        parts = specifier.split(".")
        for size in range(len(parts), 0, -1):
            number = self._packages.get(".".join(parts[:size]))
            if number >= 0:
                return Found(value(PACKAGE, number), tuple(parts[size:]))
        return Found(value(EXTERNAL, self._externals.package(parts[0])), tuple(parts[1:]))

    def _included(self, file: int, written: str) -> Found | None:
        name = written.strip('<>"').strip()
        found = self._paths.find(file, name, beside=not written.startswith("<"))
        return Found(value(MODULE, found)) if found >= 0 else Found(value(EXTERNAL, self._externals.package(name)))


def _named_by_macros(program: Program, mine: Sequence[int]) -> Mapping[str, str]:
    """Macro → the name that it stands for."""
    found: dict[str, str] = {}
    for file in mine:
        for entry in program.units[file].facts.definitions:
            if entry.kind == "Macro" and (written := NAMED.fullmatch(entry.signature)):
                found.setdefault(entry.name, written[1])
    return found


def _opened_namespaces(program: Program, mine: Sequence[int], named: Mapping[str, str]) -> Mapping[str, str]:
    """Macro → names of the namespaces that it opens, without those whose names are those of the one around."""
    found: dict[str, str] = {}
    for file in mine:
        for entry in program.units[file].facts.definitions:
            if entry.kind == "Macro" and (names := OPENED.findall(entry.signature)):
                found.setdefault(entry.name, SEPARATOR.join(named.get(name, name) for inline, name in names if not inline))
    return found
