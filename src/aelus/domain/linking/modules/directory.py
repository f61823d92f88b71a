"""A folder is a package, and its import path is the module's path and the folder's: `example.org/module/folder`.

Source: The Go Programming Language Specification, "Packages"; Go Modules Reference, "go.mod files".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from aelus.domain.linking.externals import Externals
from aelus.domain.linking.modules.system import Found, PackageFamily
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import EXTERNAL, PACKAGE, value

MODULE_LINE: Final = re.compile(r'^\s*module\s+"?([^\s"]+)"?', re.MULTILINE)
TEST_SUFFIX: Final = "_test"
"""A package of this suffix lies in the same folder and is another package."""


class DirectoryPackages:
    files_are_modules = False

    def __init__(
        self, program: Program, mine: Sequence[int], manifests: Mapping[str, str], packages: PackageFamily, externals: Externals
    ) -> None:
        self._program = program
        self._packages = packages
        self._externals = externals
        self._roots = sorted(
            ((path.rpartition("/")[0], match.group(1)) for path, text in manifests.items() if (match := MODULE_LINE.search(text))),
            key=lambda root: len(root[0]),
            reverse=True,
        )
        self._of_file: dict[int, int] = {}
        for file in mine:
            number = packages.number(self._import_path(file))
            packages.files[number].append(file)
            self._of_file[file] = number

    def _import_path(self, file: int) -> str:
        folder = self._program.paths[file].rpartition("/")[0]
        suffix = TEST_SUFFIX if self._program.units[file].facts.package.endswith(TEST_SUFFIX) else ""
        for root, module in self._roots:
            if not root or f"{folder}/".startswith(f"{root}/"):
                inner = folder[len(root) :].strip("/")
                return (f"{module}/{inner}" if inner else module) + suffix
        return (folder or self._program.units[file].facts.package) + suffix

    def name_of(self, file: int) -> str:
        return self._packages.names[self._of_file[file]]

    def package_of(self, file: int) -> int:
        return self._of_file[file]

    def root(self, _file: int, _name: str) -> Found | None:
        return None

    def submodule(self, _file: int, _name: str) -> int:
        return -1

    def find(self, _file: int, specifier: str) -> Found | None:
        number = self._packages.get(specifier)
        if number >= 0:
            return Found(value(PACKAGE, number))
        return Found(value(EXTERNAL, self._externals.package(specifier)))
