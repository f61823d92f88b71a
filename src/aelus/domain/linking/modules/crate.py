"""Crates: trees of modules that start at a root file, `a::b` is `a/b.rs` or `a/b/mod.rs` beside it. Crates of one workspace see each other.

Source: The Rust Reference, "Crates and source files", "Modules", "Paths"; The Cargo Book, "Package Layout".
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from aelus.domain.facts import PATH, Import
from aelus.domain.linking.externals import Externals
from aelus.domain.linking.modules.system import Found, PackageFamily
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import EXTERNAL, MODULE, value

MANIFEST: Final = "Cargo.toml"
ROOTS: Final = ("lib", "main")
"""Stems of the root files of a package; a folder's modules belong to the first one that is there."""
TARGETS: Final = frozenset({"bin", "tests", "examples", "benches"})
"""Folders each of whose files is a crate of its own."""
SHARED: Final = 3
"""Parts of the path of a module below the folder of such a crate, at least."""
STANDARD: Final = {"std": "std", "core": "std", "alloc": "std", "proc_macro": "proc_macro", "test": "test"}
"""Crates that come with the language, and the one that hands on what is in them."""
FIRST_EDITION: Final = "2015"
DEPENDENCIES: Final = ("dependencies", "dev-dependencies", "build-dependencies")


class CrateModules:
    files_are_modules = True

    def __init__(
        self, program: Program, mine: Sequence[int], manifests: Mapping[str, str], _packages: PackageFamily, externals: Externals
    ) -> None:
        self._program = program
        self._externals = externals
        self._packages = [(path.rpartition("/")[0], _read(text)) for path, text in manifests.items() if path.rpartition("/")[2] == MANIFEST]
        self._packages.sort(key=lambda package: len(package[0]), reverse=True)
        self._stems = {program.paths[file].rpartition(".")[0]: file for file in mine}
        self._declared: dict[tuple[str, str], int] = {}
        """Folder of such crates, name of a module → the first crate in it that says the module is its own."""
        for stem, file in self._stems.items():
            folder = stem.rpartition("/")[0]
            for statement in program.units[file].facts.imports if folder.rpartition("/")[2] in TARGETS else ():
                if statement.module.startswith("self."):
                    self._declared.setdefault((folder, statement.module.removeprefix("self.")), file)
        self._roots: dict[int, int] = {}
        self._paths: dict[int, tuple[str, ...]] = {}
        self._crates: dict[str, int] = {}
        self._names: dict[int, str] = {}
        self._asked: dict[str, Mapping[str, object]] = {}
        self._switches: dict[str, frozenset[str] | None] = {}
        self._moved = {
            self._moved_to(file, statement): (file, statement) for file in mine for statement in program.units[file].facts.imports
        }
        self._moved.pop(-1, None)
        self._given = {(file, statement.module.rpartition(".")[2]): moved for moved, (file, statement) in self._moved.items()}
        for file in mine:
            self._place(file)
        for file in self._moved:
            self._place_moved(file)
        for folder, manifest in self._packages:
            library = self._library(folder, manifest)
            if library >= 0:
                self._crates.setdefault(_crate_name(manifest), library)

    def switches(self, file: int) -> frozenset[str] | None:
        """Features that are on by default, as conditions name them, with those of optional packages that they ask for."""
        folder, manifest = self._package(file)
        if folder not in self._switches:
            self._switches[folder] = frozenset(f"feature={name}" for name in _default_features(manifest)) if manifest else None
        return self._switches[folder]

    # --- the tree ------------------------------------------------------------------------------------------------------------------------

    def _package(self, file: int) -> tuple[str, Mapping[str, Any]]:
        path = self._program.paths[file]
        return next(((folder, manifest) for folder, manifest in self._packages if not folder or path.startswith(f"{folder}/")), ("", {}))

    def _library(self, folder: str, manifest: Mapping[str, Any]) -> int:
        library = manifest.get("lib")
        path = library.get("path") if isinstance(library, dict) else None
        stem = path.rpartition(".")[0] if isinstance(path, str) else "src/lib"
        return self._stems.get(_join(folder, stem), -1)

    def _place(self, file: int) -> None:
        """The root of a file's crate, and its path from there."""
        folder, manifest = self._package(file)
        stem = self._program.paths[file].rpartition(".")[0]
        inner = stem[len(folder) :].strip("/").split("/")
        base, parts = self._base(folder, inner)
        library = self._library(folder, manifest)
        roots = [found for name in ROOTS if (found := self._stems.get(_join(base, name), -1)) >= 0]
        if library >= 0 and self._program.paths[library].rpartition("/")[0] == base:
            roots.insert(0, library)
        root = next((other for other in roots if self._declares(other, parts[0])), roots[0] if roots else file)
        shared = self._shared_by(folder, inner) if not roots else -1
        if shared >= 0:
            root, parts = shared, inner[1:]
        elif len(parts) == 1 and (parts[0] in ROOTS or inner[0] in TARGETS or base == folder or root == file):
            root, parts = file, []
        if parts and parts[-1] == "mod":
            parts = parts[:-1]
        self._roots[file], self._paths[file] = root, tuple(parts)
        name = _crate_name(manifest) or base.rpartition("/")[2] or "crate"
        if root == file and inner[-1] not in ROOTS:
            name = inner[-1].replace("-", "_")
        if shared >= 0:
            name = _stem_of(self._program.paths[shared]).replace("-", "_")
        self._names[file] = name if root == file or root not in self._names else self._names[root]

    def _shared_by(self, folder: str, inner: Sequence[str]) -> int:
        """The first crate beside a folder of modules that says one of them is its own (`tests/common/mod.rs`), or -1."""
        if inner[0] not in TARGETS or len(inner) < SHARED:
            return -1
        return self._declared.get((_join(folder, inner[0]), inner[1]), -1)

    def _moved_to(self, file: int, statement: Import) -> int:
        """The file that an attribute says a module lies in, or -1."""
        path = next((modifier.removeprefix(PATH) for modifier in statement.modifiers if modifier.startswith(PATH)), "")
        if not path.endswith(".rs") or statement.module.count(".") != 1:
            return -1
        parts = self._program.paths[file].split("/")[:-1]
        for part in path.split("/"):
            if part == "..":
                parts = parts[:-1]
            elif part != ".":
                parts.append(part)
        return self._stems.get("/".join(parts).rpartition(".")[0], -1)

    def _place_moved(self, file: int) -> None:
        """A file that lies elsewhere belongs to the module that says so."""
        parents, current = list[int](), file
        while current in self._moved and current not in parents:
            parents.append(current)
            current = self._moved[current][0]
        names = (self._moved[moved][1].module.rpartition(".")[2] for moved in reversed(parents))
        self._roots[file], self._paths[file] = self._roots[current], (*self._paths[current], *names)

    def _base(self, folder: str, inner: list[str]) -> tuple[str, list[str]]:
        """The folder that a crate's modules lie in, and the rest of the path."""
        if inner[0] == "src" and inner[1:2] != ["bin"]:
            return _join(folder, "src"), inner[1:]
        if inner[:2] == ["src", "bin"]:
            return _join(folder, "/".join(inner[: min(3, len(inner) - 1)])), inner[min(3, len(inner) - 1) :]
        if inner[0] in TARGETS:
            return _join(folder, "/".join(inner[: min(2, len(inner) - 1)])), inner[min(2, len(inner) - 1) :]
        for cut in range(len(inner) - 1, -1, -1):
            base = _join(folder, "/".join(inner[:cut])) if cut else folder
            if any(_join(base, name) in self._stems for name in ROOTS):
                return base, inner[cut:]
        return folder, inner

    def _declares(self, root: int, name: str) -> bool:
        """Whether a root file says `mod name;`."""
        return any(statement.module == f"self.{name}" for statement in self._program.units[root].facts.imports)

    def _child(self, file: int, names: Sequence[str]) -> int:
        """File of a module below another one, or -1. Modules between them may have no file."""
        moved = self._given.get((file, names[0]), -1) if len(names) == 1 else -1
        if moved >= 0:
            return moved
        folder, _, stem = self._program.paths[file].rpartition(".")[0].rpartition("/")
        base = folder if stem == "mod" or self._roots[file] == file or file in self._moved else _join(folder, stem)
        path = _join(base, "/".join(names))
        return self._stems.get(path, self._stems.get(f"{path}/mod", -1))

    # --- names ---------------------------------------------------------------------------------------------------------------------------

    def name_of(self, file: int) -> str:
        separator = self._program.traits[file].separator
        return separator.join((self._names[self._roots[file]], *self._paths[file]))

    def package_of(self, _file: int) -> int:
        return -1

    def submodule(self, file: int, name: str) -> int:
        child = self._child(file, (name,))
        return value(MODULE, child) if child >= 0 else -1

    def root(self, file: int, name: str) -> Found | None:
        """A crate that paths may begin with."""
        known = self._crates.get(name, self._crates.get(self._package_named(file, name), -1))
        if known >= 0:
            return Found(value(MODULE, known))
        if name in STANDARD or name in self._dependencies(file):
            return Found(value(EXTERNAL, self._externals.package(STANDARD.get(name, name))))
        return None

    def _dependencies(self, file: int) -> Mapping[str, object]:
        """Name that the code has for a package → what the manifest says of it."""
        folder, manifest = self._package(file)
        known = self._asked.get(folder)
        if known is None:
            tables = (manifest.get(key) for key in DEPENDENCIES)
            known = {str(name).replace("-", "_"): entry for table in tables if isinstance(table, dict) for name, entry in table.items()}
            self._asked[folder] = known
        return known

    def _package_named(self, file: int, name: str) -> str:
        """Name of the crate of a dependency that the manifest gives another name."""
        entry = self._dependencies(file).get(name)
        package = entry.get("package") if isinstance(entry, dict) else None
        return package.replace("-", "_") if isinstance(package, str) else ""

    def find(self, file: int, specifier: str) -> Found | None:
        head, *rest = specifier.split(".")
        if head in ("crate", "self"):
            return Found(value(MODULE, self._roots[file] if head == "crate" else file), tuple(rest))
        if head == "super":
            return self._find_above(file, [head, *rest])
        if self._roots[file] != file and self._begins_at_root(file, head):
            return Found(value(MODULE, self._roots[file]), (head, *rest))
        if self._child(file, (head,)) >= 0 or self._program.locals[file].get((0, head)) in self._program.bound:
            return Found(value(MODULE, file), (head, *rest))
        known = self.root(file, head)
        if known is not None:
            return Found(known.value, tuple(rest))
        return Found(value(MODULE, file), (head, *rest)) if self._packages else self._external(head, rest)

    def _begins_at_root(self, file: int, head: str) -> bool:
        """Whether paths of imports begin at the crate's root: before the edition of 2018, where that or no other crate has the name."""
        _, manifest = self._package(file)
        package, root = manifest.get("package"), self._roots[file]
        if not isinstance(package, dict) or package.get("edition", FIRST_EDITION) != FIRST_EDITION:
            return False
        return self._child(root, (head,)) >= 0 or (0, head) in self._program.locals[root] or self.root(file, head) is None

    def _external(self, head: str, rest: Sequence[str]) -> Found:
        return Found(value(EXTERNAL, self._externals.package(head)), tuple(rest))

    def _find_above(self, file: int, parts: list[str]) -> Found | None:
        path = self._paths[file]
        while parts and parts[0] == "super":
            parts, path = parts[1:], path[:-1]
        root = self._roots[file]
        above = self._child(root, path) if path else root
        return Found(value(MODULE, above if above >= 0 else root), tuple(parts))


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _crate_name(manifest: Mapping[str, Any]) -> str:
    for table in (manifest.get("lib"), manifest.get("package")):
        name = table.get("name") if isinstance(table, dict) else None
        if isinstance(name, str):
            return name.replace("-", "_")
    return ""


def _default_features(manifest: Mapping[str, Any]) -> set[str]:
    table = manifest.get("features")
    features = table if isinstance(table, dict) else {}
    found, waiting = set[str](), ["default"]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            asked = features.get(name)
            waiting.extend(part.removeprefix("dep:").partition("/")[0].rstrip("?") for part in asked or () if isinstance(part, str))
    return found


def _read(text: str) -> Mapping[str, Any]:
    """A manifest; a broken one says nothing."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _stem_of(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0]
