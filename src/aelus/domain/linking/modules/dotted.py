"""Dotted module names that follow the folders: `a.b.c` is `a/b/c.ext` or `a/b/c/<index>.ext`, from one of several roots.

Source: The Python Language Reference, 5 "The import system"; PEP 420 for folders without an index file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aelus.domain.linking.externals import Externals
from aelus.domain.linking.modules.system import Found, PackageFamily
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import EXTERNAL, MODULE, PACKAGE, value

SOURCE_FOLDERS = ("src", "lib", "python")
"""Folders that hold packages without being one, when they have no index file."""


class DottedModules:
    files_are_modules = True

    def __init__(
        self, program: Program, mine: Sequence[int], _manifests: Mapping[str, str], packages: PackageFamily, externals: Externals
    ) -> None:
        self._packages = packages
        self._externals = externals
        self._folder: dict[int, str] = {}
        self._is_index: dict[int, bool] = {}
        self._names: dict[int, str] = {}
        self._at: dict[str, int] = {}
        self._by_name: dict[str, list[int]] = {}
        """Name → files; an index file is found by that of its folder and by its own (`a.init`)."""
        self._by_last: dict[str, list[int]] | None = None
        """Last part of the name → files, in languages that search for modules from roots that no file declares."""
        for file in mine:
            self._place(program, file)
        self._sources = self._source_folders(program, mine)
        for file in mine:
            self._name(program, file)
        self._make_packages(mine)
        if any(program.traits[file].any_root for file in mine):
            self._by_last = {}
            for file in mine:
                self._by_last.setdefault(self._names[file].rpartition(".")[2], []).append(file)

    def _place(self, program: Program, file: int) -> None:
        folder, _, name = program.paths[file].rpartition("/")
        stem = name.rpartition(".")[0] or name
        is_index = stem in program.traits[file].index_files
        self._folder[file] = folder
        self._is_index[file] = is_index
        key = folder if is_index else _join(folder, stem)
        held = self._at.get(key)
        if held is None or (is_index, -self._rank(program, file)) > (self._is_index[held], -self._rank(program, held)):
            self._at[key] = file

    def _rank(self, program: Program, file: int) -> int:
        """Which of several files of one name is meant: the extension that is preferred."""
        extensions = program.traits[file].extensions
        extension = f".{program.paths[file].rpartition('.')[2]}"
        return extensions.index(extension) if extension in extensions else len(extensions)

    def _name(self, program: Program, file: int) -> None:
        stem = program.paths[file].rpartition("/")[2].rpartition(".")[0]
        path = self._folder[file] if self._is_index[file] else _join(self._folder[file], stem)
        root = self._root(self._folder[file])
        name = path[len(root) :].strip("/").replace("/", ".")
        self._names[file] = name or path.rpartition("/")[2] or "__init__"
        self._by_name.setdefault(self._names[file], []).append(file)
        if self._is_index[file]:
            self._by_name.setdefault(f"{self._names[file]}.{stem}", []).append(file)

    def _root(self, folder: str) -> str:
        """The folder that the names of modules in `folder` start from."""
        top = folder
        while top and self._is_package(top):
            top = top.rpartition("/")[0]
        if top != folder:
            return top
        parts = folder.split("/")
        sources = ("/".join(parts[:end]) for end, part in enumerate(parts, 1) if part in SOURCE_FOLDERS)
        return next((source for source in sources if source in self._sources), "")

    def _source_folders(self, program: Program, files: Sequence[int]) -> set[str]:
        """Folders that packages lie in, unless the program imports one of them by its own name and nothing of it without that."""
        imported = {statement.module.partition(".")[0] for file in files for statement in program.units[file].facts.imports}
        inside: dict[str, set[str]] = {}
        for file in files:
            parts = program.paths[file].split("/")
            for end, part in enumerate(parts[:-1], 1):
                if part in SOURCE_FOLDERS:
                    inside.setdefault("/".join(parts[:end]), set()).add(parts[end].partition(".")[0])
        named = {folder for folder, names in inside.items() if folder.rpartition("/")[2] in imported and names.isdisjoint(imported)}
        return inside.keys() - named

    def _is_package(self, folder: str) -> bool:
        file = self._at.get(folder)
        return file is not None and self._is_index[file] and self._folder[file] == folder

    def _make_packages(self, files: Sequence[int]) -> None:
        """Folders without an index file that hold modules are packages too."""
        for file in files:
            inner = value(MODULE, file)
            parts = self._names[file].split(".")
            while len(parts) > 1:
                name = parts.pop()
                package = ".".join(parts)
                if package in self._by_name:
                    break
                number = self._packages.number(package)
                self._packages.children[number].setdefault(name, inner)
                inner = value(PACKAGE, number)

    def name_of(self, file: int) -> str:
        return self._names[file]

    def package_of(self, _file: int) -> int:
        return -1

    def root(self, _file: int, _name: str) -> Found | None:
        return None

    def submodule(self, file: int, name: str) -> int:
        if not self._is_index[file]:
            return -1
        inner = self._at.get(_join(self._folder[file], name))
        if inner is not None:
            return value(MODULE, inner)
        number = self._packages.get(f"{self._names[file]}.{name}")
        return -1 if number < 0 else value(PACKAGE, number)

    def find(self, file: int, specifier: str) -> Found | None:
        if specifier.startswith("."):
            return self._find_relative(file, specifier)
        return (
            self._find_named(file, specifier)
            or self._find_sibling(file, specifier)
            or self._find_below(file, specifier)
            or self._find_external(specifier)
        )

    def _find_relative(self, file: int, specifier: str) -> Found | None:
        name = specifier.lstrip(".")
        folder = self._folder[file]
        for _ in range(len(specifier) - len(name) - 1):
            folder = folder.rpartition("/")[0]
        return self._find_path(_join(folder, name.replace(".", "/")) if name else folder)

    def _find_path(self, path: str) -> Found | None:
        file = self._at.get(path)
        if file is not None:
            return Found(value(MODULE, file))
        for cut in range(path.count("/") + 1):
            number = self._packages.get("/".join(path.split("/")[cut:]).replace("/", "."))
            if number >= 0:
                return Found(value(PACKAGE, number))
        return None

    def _find_named(self, file: int, specifier: str) -> Found | None:
        files = self._by_name.get(specifier)
        if files:
            return Found(value(MODULE, self._nearest(file, files)))
        number = self._packages.get(specifier)
        return Found(value(PACKAGE, number)) if number >= 0 else None

    def _nearest(self, file: int, candidates: list[int]) -> int:
        """The candidate that shares the longest folder with the importing file; the first one of equals."""
        if len(candidates) == 1:
            return candidates[0]
        here = self._folder[file].split("/")
        return max(candidates, key=lambda other: (_shared(here, self._folder[other].split("/")), -other))

    def _find_sibling(self, file: int, specifier: str) -> Found | None:
        """A script sees the modules beside it."""
        if self._is_package(self._folder[file]):
            return None
        inner = self._at.get(_join(self._folder[file], specifier.replace(".", "/")))
        return Found(value(MODULE, inner)) if inner is not None else None

    def _find_below(self, file: int, specifier: str) -> Found | None:
        """A module whose path ends as the specifier says."""
        if self._by_last is None:
            return None
        name = f".{specifier}"
        files = [other for other in self._by_last.get(specifier.rpartition(".")[2], ()) if f".{self._names[other]}".endswith(name)]
        return Found(value(MODULE, self._nearest(file, files))) if files else None

    def _find_external(self, specifier: str) -> Found | None:
        """A symbol of a package that is not here. A module missing from a package that is here names nothing."""
        package, _, rest = specifier.partition(".")
        if not package or package in self._by_name or self._packages.get(package) >= 0:
            return None
        return Found(value(EXTERNAL, self._externals.package(package)), tuple(rest.split(".")) if rest else ())


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _shared(left: list[str], right: list[str]) -> int:
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count
