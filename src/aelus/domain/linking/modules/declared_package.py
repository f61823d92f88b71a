"""Files that declare their package: `package a.b;`. Names are dotted, and files of one package see each other's types.

A specifier that begins with `#` is the path of a file.

Source: The Java Language Specification, chapter 7 "Packages and Modules".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aelus.domain.facts import APART
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
        self._names: dict[int, set[str]] = {}
        for file in mine:
            name = program.units[file].facts.package
            number = packages.number(name)
            packages.files[number].append(file)
            self._of_file[file] = number
            self._add_parents(name, number)
            self._add_namespaces(file, name)

    def _add_namespaces(self, file: int, package: str) -> None:
        """Namespaces inside the one that the file declares, and further ones beside it, are packages of their own."""
        program, names = self._program, dict[int, str]()
        first = program.first_definition[file]
        for number in range(len(program.units[file].facts.definitions)):
            entry = program.definitions[first + number]
            if entry.kind == "Namespace":
                around = "" if APART in entry.modifiers else names.get(entry.parent, package)
                inner = entry.name.replace(program.traits[file].separator, ".")
                name = names[number] = f"{around}.{inner}" if around else inner
                known = self._packages.number(name)
                self._packages.scopes[known].append((file, entry.body))
                self._packages.of_namespace[first + number] = known
                self._add_parents(name, known)

    def _add_parents(self, name: str, number: int) -> None:
        while "." in name:
            name, _, last = name.rpartition(".")
            parent = self._packages.number(name)
            self._packages.children[parent].setdefault(last, value(PACKAGE, number))
            number = parent
        if name:
            self._packages.children[self._packages.number("")].setdefault(name, value(PACKAGE, number))

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
        for outer in self._around(file):
            number = self._packages.get(f"{outer}.{specifier}")
            if number >= 0 and (self._packages.files[number] or self._packages.scopes[number]):
                return Found(value(PACKAGE, number))
        parts = specifier.split(".")
        for size in range(len(parts), 0, -1):
            number = self._packages.get(".".join(parts[:size]))
            if number < 0:
                continue
            if (self._packages.files[number] or self._packages.scopes[number]) and (found := self._inside(number, parts, size)):
                return found
        outermost = self._packages.get("") if len(parts) == 1 else -1
        if outermost >= 0 and parts[0] in self._names_in(outermost):
            return Found(value(PACKAGE, outermost), (parts[0],))
        traits = self._program.traits[file]
        if len(parts) == 1 and parts[0] in traits.builtins:
            return Found(value(EXTERNAL, self._externals.builtin(traits.builtins_package, parts[0])))
        size = max(next((position for position, part in enumerate(parts) if part[:1].isupper()), len(parts)), 1)
        return Found(value(EXTERNAL, self._externals.package(".".join(parts[:size]))), tuple(parts[size:]))

    def _inside(self, number: int, parts: list[str], size: int) -> Found | None:
        """What a package has of a path that begins with its name. A package and a definition beside it may share their name."""
        if size < len(parts):
            known = parts[size] in self._names_in(number) or parts[size] in self._packages.children[number]
            return Found(value(PACKAGE, number), tuple(parts[size:])) if known else None
        around = self._packages.get(".".join(parts[:-1]))
        if around >= 0 and parts[-1] in self._names_in(around):
            return Found(value(PACKAGE, around), (parts[-1],))
        return Found(value(PACKAGE, number))

    def _names_in(self, package: int) -> set[str]:
        """Names of the definitions of a package."""
        names = self._names.get(package)
        if names is None:
            program, files = self._program, self._packages.files[package]
            regions = {*((file, 0) for file in files), *self._packages.scopes[package]}
            names = self._names[package] = {
                name
                for file in dict.fromkeys(file for file, _ in regions)
                for (scope, name), slot in program.locals[file].items()
                if (file, scope) in regions and slot in program.bound
            }
        return names

    def _around(self, file: int) -> list[str]:
        """Packages that a specifier may start from, innermost first, where the language looks there."""
        if self._program.traits[file].enclosing_packages != "all":
            return []
        parts = self._program.units[file].facts.package.split(".")
        return [".".join(parts[:size]) for size in range(len(parts), 0, -1)]

    def _loaded(self, file: int, written: str) -> Found | None:
        """A file with the extension of the one that loads it, where none is written."""
        ending = "." + self._program.paths[file].rpartition(".")[2]
        found = self._paths.find(file, written if written.endswith(ending) else written + ending)
        return Found(value(MODULE, found)) if found >= 0 else Found(value(EXTERNAL, self._externals.package(written.partition("/")[0])))
