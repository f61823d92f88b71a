"""The names that packages offer: those of all files, and of the regions of files, that belong to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aelus.domain.linking.modules import Packages
from aelus.domain.linking.program import Program


class PackageNames:
    """Variables of packages by name; a package has as many files as a program, and as many names are asked for."""

    def __init__(self, program: Program, packages: Packages) -> None:
        self._program = program
        self._packages = packages
        self._of_package: dict[int, dict[str, list[int]]] = {}
        self._of_file: dict[int, dict[int, list[tuple[str, int]]]] = {}

    def slots(self, package: int, name: str) -> Sequence[int]:
        """Variables of this name at the top of the package; a package within stands for all of its parts."""
        known = self._of_package.get(package)
        if known is None:
            known, within = dict[str, list[int]](), self._packages.children[package]
            for found, slot in self._names(package):
                if found not in within or not self._are_parts(slot):
                    known.setdefault(found, []).append(slot)
            self._of_package[package] = known
        return known.get(name, ())

    def _are_parts(self, slot: int) -> bool:
        """Whether a variable stands for nothing but parts of packages."""
        definitions = self._program.bound.get(slot, ())
        return bool(definitions) and all(definition in self._packages.of_namespace for definition in definitions)

    def _names(self, package: int) -> Iterator[tuple[str, int]]:
        for file in self._packages.files[package]:
            yield from self._in_scope(file, 0)
        for file, scope in self._packages.scopes[package]:
            yield from self._in_scope(file, scope)

    def _in_scope(self, file: int, scope: int) -> Sequence[tuple[str, int]]:
        scopes = self._of_file.get(file)
        if scopes is None:
            scopes = self._of_file[file] = {}
            for (inner, name), slot in self._program.locals[file].items():
                scopes.setdefault(inner, []).append((name, slot))
        return scopes.get(scope, ())
