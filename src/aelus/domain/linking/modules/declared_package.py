"""Files that declare their package: `package a.b;`. Names are dotted, and files of one package see each other's types.

A specifier that begins with `#` is the path of a file.

Source: The Java Language Specification, chapter 7 "Packages and Modules".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aelus.domain.linking.externals import Externals
from aelus.domain.linking.modules.paths import PATH, Paths
from aelus.domain.linking.modules.system import Found, PackageFamily
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import EXTERNAL, MODULE, PACKAGE, value


class DeclaredPackages:
    files_are_modules = False

    def __init__(
        self, program: Program, mine: Sequence[int], _manifests: Mapping[str, str], packages: PackageFamily, externals: Externals
    ) -> None:
        self._program = program
        self._packages = packages
        self._externals = externals
        self._paths = Paths(program, mine)
        self._of_file: dict[int, int] = {}
        for file in mine:
            name = program.units[file].facts.package
            number = packages.number(name)
            packages.files[number].append(file)
            self._of_file[file] = number
            self._add_parents(name, number)

    def _add_parents(self, name: str, number: int) -> None:
        while "." in name:
            name, _, last = name.rpartition(".")
            parent = self._packages.number(name)
            self._packages.children[parent].setdefault(last, value(PACKAGE, number))
            number = parent

    def name_of(self, file: int) -> str:
        return self._program.units[file].facts.package.replace(".", self._program.traits[file].separator)

    def package_of(self, file: int) -> int:
        return self._of_file[file]

    def root(self, _file: int, name: str) -> Found | None:
        number = self._packages.get(name)
        return Found(value(PACKAGE, number)) if name and number >= 0 else None

    def submodule(self, _file: int, _name: str) -> int:
        return -1

    def find(self, file: int, specifier: str) -> Found | None:
        if specifier.startswith(PATH):
            return self._loaded(file, specifier[1:])
        parts = specifier.split(".")
        for size in range(len(parts), 0, -1):
            number = self._packages.get(".".join(parts[:size]))
            if number >= 0 and self._packages.files[number]:
                around = self._packages.get(".".join(parts[:-1])) if size == len(parts) else -1
                if around >= 0 and self._declares(around, parts[-1]):
                    return Found(value(PACKAGE, around), (parts[-1],))
                return Found(value(PACKAGE, number), tuple(parts[size:]))
        size = max(next((position for position, part in enumerate(parts) if part[:1].isupper()), len(parts)), 1)
        return Found(value(EXTERNAL, self._externals.package(".".join(parts[:size]))), tuple(parts[size:]))

    def _declares(self, package: int, name: str) -> bool:
        """Whether a package has a definition of the name of a package in it: then the name means both."""
        program = self._program
        return any(program.locals[file].get((0, name)) in program.bound for file in self._packages.files[package])

    def _loaded(self, file: int, written: str) -> Found | None:
        """A file with the extension of the one that loads it, where none is written."""
        ending = "." + self._program.paths[file].rpartition(".")[2]
        found = self._paths.find(file, written if written.endswith(ending) else written + ending)
        return Found(value(MODULE, found)) if found >= 0 else Found(value(EXTERNAL, self._externals.package(written.partition("/")[0])))
