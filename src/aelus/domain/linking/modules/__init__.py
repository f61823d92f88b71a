"""How the module systems of languages find files: one strategy a file, chosen by `LanguageTraits.modules`.

A strategy knows paths, declared packages and manifests. What names a module offers belongs to `namespaces`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from aelus.domain.linking.externals import Externals
from aelus.domain.linking.modules.crate import CrateModules
from aelus.domain.linking.modules.declared_package import DeclaredPackages
from aelus.domain.linking.modules.directory import DirectoryPackages
from aelus.domain.linking.modules.dotted import DottedModules
from aelus.domain.linking.modules.include import IncludedFiles
from aelus.domain.linking.modules.specifier import SpecifierModules
from aelus.domain.linking.modules.system import Found, ModuleSystem, PackageFamily, Packages
from aelus.domain.linking.program import Program

STRATEGIES: Final[Mapping[str, Callable[[Program, Sequence[int], Mapping[str, str], PackageFamily, Externals], ModuleSystem]]] = {
    "dotted": DottedModules,
    "specifier": SpecifierModules,
    "declared-package": DeclaredPackages,
    "directory": DirectoryPackages,
    "crate": CrateModules,
    "include": IncludedFiles,
}


class Modules:
    """The module systems of all languages in a program. Languages of one family see each other's modules, others do not."""

    def __init__(self, program: Program, manifests: Mapping[str, str], externals: Externals) -> None:
        self.packages = Packages()
        self._program = program
        files: dict[tuple[str, str], list[int]] = {}
        for file, traits in enumerate(program.traits):
            files.setdefault((traits.modules, traits.family or traits.name), []).append(file)
        self._of_file: dict[int, ModuleSystem] = {}
        self._found: dict[tuple[int, str], Found | None] = {}
        for (name, family), mine in sorted(files.items()):
            system = STRATEGIES[name](program, mine, manifests, self.packages.of(family), externals)
            self._of_file.update(dict.fromkeys(mine, system))

    def find(self, file: int, specifier: str) -> Found | None:
        """What a module specifier in this file names; None when it names nothing that could be known."""
        key = (file, specifier)
        if key not in self._found:
            self._found[key] = self._system(file).find(file, specifier)
        return self._found[key]

    def name_of(self, file: int) -> str:
        """Qualified name of the module, or of the package that the file belongs to."""
        return self._system(file).name_of(file)

    def is_module(self, file: int) -> bool:
        """Whether the file is a module of its own, not a part of a package."""
        return self._system(file).files_are_modules

    def package_of(self, file: int) -> int:
        """Number of the package whose names the file sees without import; -1 when there is none."""
        return self._system(file).package_of(file)

    def packages_around(self, file: int) -> list[int]:
        """As `package_of`, and the packages around it where the language looks there too."""
        package = self._system(file).package_of(file)
        if package < 0:
            return []
        around = [package]
        name, traits = self.packages.names[package], self._program.traits[file]
        while traits.enclosing_packages == "all" and "." in name:
            name = name.rpartition(".")[0]
            around.append(self.packages.of(traits.family or traits.name).get(name))
        if traits.enclosing_packages and name:
            around.append(self.packages.of(traits.family or traits.name).get(""))
        return [number for number in around if number >= 0]

    def switches(self, file: int) -> frozenset[str] | None:
        """Switches of conditions that are on in the package of the file; None where nothing says which."""
        system = self._system(file)
        return system.switches(file) if isinstance(system, CrateModules) else None

    def root(self, file: int, name: str) -> Found | None:
        """A package that a bare name stands for, in languages where paths begin with packages."""
        return self._system(file).root(file, name)

    def submodule(self, file: int, name: str) -> int:
        """Value of a module inside the package that the file stands for; -1 when there is none."""
        return self._system(file).submodule(file, name)

    def _system(self, file: int) -> ModuleSystem:
        return self._of_file[file]


__all__ = ["Found", "Modules", "Packages"]
