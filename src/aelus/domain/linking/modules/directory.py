"""A folder is a package, and its import path is the module's path and the folder's: `example.org/module/folder`.

Source: The Go Programming Language Specification, "Packages"; Go Modules Reference, "go.mod files".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from aelus.domain.linking.externals import Externals
from aelus.domain.linking.modules.system import Found, PackageFamily
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import EXTERNAL, PACKAGE, value

MODULE_LINE: Final = re.compile(r'^\s*module\s+"?([^\s"]+)"?', re.MULTILINE)
TEST_SUFFIX: Final = "_test"
"""A package of this suffix lies in the same folder and is another package."""

VENDORED: Final = "/vendor/"
"""What lies below such a folder is imported by its path there."""

LONGEST_PATH: Final = 1_024
"""Characters of an import path that may lie in the repository."""

FEWEST_IMPORTED: Final = 2
"""Different folders that are imported below a root; the name of one may be that of another repository's, too."""


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
        if not self._roots:
            self._roots = _imported_roots(program, mine)
        self._of_file: dict[int, int] = {}
        self._named: dict[int, Mapping[str, Found]] = {}
        for file in mine:
            number = packages.number(self._import_path(file))
            packages.files[number].append(file)
            self._of_file[file] = number

    def _import_path(self, file: int) -> str:
        folder = self._program.paths[file].rpartition("/")[0]
        suffix = TEST_SUFFIX if self._program.units[file].facts.package.endswith(TEST_SUFFIX) else ""
        if vendored := _vendored(folder):
            return vendored + suffix
        for root, module in self._roots:
            if not root or f"{folder}/".startswith(f"{root}/"):
                inner = folder[len(root) :].strip("/")
                return (f"{module}/{inner}" if inner else module) + suffix
        return (folder or self._program.units[file].facts.package) + suffix

    def name_of(self, file: int) -> str:
        return self._packages.names[self._of_file[file]]

    def package_of(self, file: int) -> int:
        return self._of_file[file]

    def root(self, file: int, name: str) -> Found | None:
        """A package that the file imports under the name which it gives itself, not that of its folder."""
        return self._renamed(file).get(name)

    def _renamed(self, file: int) -> Mapping[str, Found]:
        known = self._named.get(file)
        if known is None:
            units = self._program.units
            numbers = [self._packages.get(statement.module) for statement in units[file].facts.imports if statement.variable]
            inside = [number for number in numbers if number >= 0 and self._packages.files[number]]
            known = {units[self._packages.files[number][0]].facts.package: Found(value(PACKAGE, number)) for number in inside}
            self._named[file] = known
        return known

    def submodule(self, _file: int, _name: str) -> int:
        return -1

    def find(self, _file: int, specifier: str) -> Found | None:
        number = self._packages.get(specifier)
        if number >= 0:
            return Found(value(PACKAGE, number))
        return Found(value(EXTERNAL, self._externals.package(specifier)))


def _imported_roots(program: Program, mine: Sequence[int]) -> list[tuple[str, str]]:
    """The import path of the root, where no manifest says it: the one below which most of what the repository's folders are imported as is.

    Several different ones must be there, and more than are missing; what two roots explain equally well says nothing.
    """
    folders, vendored, imported = set[str](), set[str](), set[str]()
    for file in mine:
        folder = program.paths[file].rpartition("/")[0]
        if inner := _vendored(folder):
            vendored.add(inner)
        else:
            folders.add(folder)
            imported.update(statement.module for statement in program.units[file].facts.imports)
    depth = max((folder.count("/") + 1 for folder in folders), default=0)
    paths = [path for path in imported - vendored if len(path) <= LONGEST_PATH]
    there = Counter(root for path in paths for root in _roots(path, depth) if path[len(root) + 1 :] in folders)
    below = Counter(root for path in paths for root in _roots(path, depth) if root in there)
    known = [(count, root) for root, count in there.items() if count >= FEWEST_IMPORTED and 2 * count > below[root]]
    most = max(known, default=(0, ""))[0]
    best = [root for count, root in known if count == most]
    return [("", best[0])] if len(best) == 1 else []


def _roots(path: str, depth: int) -> Iterator[str]:
    """What may be the root of a path whose folder is so deep at most, the longest first."""
    end = len(path)
    for _ in range(depth):
        end = path.rfind("/", 0, end)
        if end <= 0:
            return
        yield path[:end]


def _vendored(folder: str) -> str:
    """The path by which a folder below one of vendored packages is imported; empty for any other."""
    _, vendored, path = f"/{folder}".rpartition(VENDORED)
    return path if vendored else ""
