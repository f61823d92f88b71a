"""Module specifiers that are paths: `./x`, `@scope/package/file`, path aliases of a project file.

Source: Node.js documentation, "Modules: ECMAScript modules", resolution algorithm; TypeScript handbook, "Module resolution", `paths` and
`baseUrl`.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from aelus.domain.linking.externals import Externals
from aelus.domain.linking.modules.system import Found, PackageFamily
from aelus.domain.linking.program import Program
from aelus.domain.linking.values import EXTERNAL, MODULE, value

WRITTEN_FOR: Final[Mapping[str, tuple[str, ...]]] = {".js": (".ts", ".tsx"), ".jsx": (".tsx",), ".mjs": (".mts",), ".cjs": (".cts",)}
"""An import names the file that the compiler will write; the source has another extension."""
PROJECTS: Final = frozenset({"tsconfig.json", "tsconfig.base.json", "jsconfig.json"})
"""Project files that are in force for their folder; others are extended by these."""
EXTENDED: Final = 8
"""Project files that extend each other."""
CONDITIONS: Final = 6
"""Conditions inside each other in a manifest."""
COMMENT_OR_STRING: Final = re.compile(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/|,(?=\s*[}\]])', re.DOTALL)


DECLARING: Final = ".d"
"""End of the stem of a file that only declares what a module has, which stands for it where there is no other one."""


class Options(NamedTuple):
    """What a project file says of how modules are found."""

    base: str | None
    """Folder that plain specifiers are looked for in."""
    paths: tuple[tuple[str, tuple[str, ...]], ...]
    """Patterns of specifiers, with the paths that they stand for."""


NO_OPTIONS: Final = Options(None, ())


class SpecifierModules:
    files_are_modules = True

    def __init__(
        self, program: Program, mine: Sequence[int], manifests: Mapping[str, str], _packages: PackageFamily, externals: Externals
    ) -> None:
        self._externals = externals
        self._paths = program.paths
        self._at: dict[str, int] = {}
        self._index: dict[str, int] = {}
        self._names: dict[int, str] = {}
        for file in mine:
            self._place(file, program.traits[file].extensions, program.traits[file].index_files)
        for file in mine:
            if self._names[file].endswith(DECLARING):
                self._at.setdefault(self._names[file].removesuffix(DECLARING), file)
        self._workspace: dict[str, tuple[str, tuple[str, ...]]] = {}
        self._offered: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        """Package → paths in it that others may import, with the files that these stand for; `*` in both is the same text."""
        self._mains: dict[str, tuple[str, ...]] = {}
        """Folder → the files that its manifest says it stands for."""
        self._aliases: list[tuple[str, str, tuple[str, ...]]] = []
        self._configurations = {path: _object(text) for path, text in manifests.items() if path.endswith(".json")}
        for path in sorted(self._configurations):
            if path.rpartition("/")[2] == "package.json":
                self._add_package(path.rpartition("/")[0], self._configurations[path])
        for path in sorted(self._configurations):
            if path.rpartition("/")[2] in PROJECTS:
                self._add_aliases(path.rpartition("/")[0], self._options_of(path))

    def _place(self, file: int, extensions: tuple[str, ...], index_files: tuple[str, ...]) -> None:
        path = self._paths[file]
        stem = path
        for extension in sorted(extensions, key=len, reverse=True):
            if path.endswith(extension):
                stem = path[: -len(extension)]
                break
        self._names[file] = stem
        self._at[path] = file
        self._at.setdefault(stem, file)
        folder, _, name = stem.rpartition("/")
        if name in index_files:
            self._index.setdefault(folder, file)

    def _add_package(self, folder: str, data: dict[str, Any]) -> None:
        name, offered = data.get("name"), data.get("exports")
        by_path = offered if isinstance(offered, dict) and any(key.startswith(".") for key in offered) else {".": offered}
        entries = tuple(entry for key in ("source", "types", "module", "main") if isinstance(entry := data.get(key), str))
        if entries and folder:
            self._mains[folder] = tuple(_normal(folder, entry) for entry in entries)
        if isinstance(name, str) and name:
            self._workspace[name] = (folder, (*entries, *_targets(by_path.get("."))))
            for path, target in by_path.items():
                if path.startswith("./"):
                    self._offered.setdefault(name, []).append((path[2:], _targets(target)))
        imports = data.get("imports")
        for pattern, target in imports.items() if isinstance(imports, dict) else ():
            written = (*_targets(target), *map(_source_of, _targets(target)))
            self._aliases.append((folder, pattern, tuple(_normal(folder, path) for path in written)))

    def _options_of(self, path: str, depth: int = 0) -> Options:
        """What a project file says of paths, with what it takes over from those that it extends."""
        folder, data = path.rpartition("/")[0], self._configurations.get(path, {})
        found = NO_OPTIONS
        extended = data.get("extends")
        for written in extended if isinstance(extended, list) else [extended]:
            other = self._extended(folder, written) if isinstance(written, str) and depth < EXTENDED else ""
            inherited = self._options_of(other, depth + 1) if other else NO_OPTIONS
            found = Options(inherited.base if inherited.base is not None else found.base, inherited.paths or found.paths)
        options = data.get("compilerOptions")
        if not isinstance(options, dict):
            return found
        base_url, paths = options.get("baseUrl"), options.get("paths")
        base = _normal(folder, base_url) if isinstance(base_url, str) else found.base
        if not isinstance(paths, dict):
            return Options(base, found.paths)
        around = folder if base is None else base
        listed = ((pattern, targets) for pattern, targets in paths.items() if isinstance(targets, list))
        return Options(base, tuple((key, tuple(_normal(around, t) for t in targets if isinstance(t, str))) for key, targets in listed))

    def _extended(self, folder: str, written: str) -> str:
        """Path of the project file that another one in `folder` extends; empty for one that is not there."""
        if written.startswith("."):
            places = [_normal(folder, written)]
        else:
            size = 2 if written.startswith("@") else 1
            package, rest = "/".join(written.split("/")[:size]), written.split("/")[size:]
            known = self._workspace.get(package)
            places = [_normal(known[0], "/".join(rest))] if known else []
        candidates = (candidate for place in places for candidate in (place, f"{place}.json", f"{place}/tsconfig.json".lstrip("/")))
        return next((candidate for candidate in candidates if candidate in self._configurations), "")

    def _add_aliases(self, folder: str, options: Options) -> None:
        self._aliases.extend((folder, pattern, targets) for pattern, targets in options.paths)
        if options.base is not None:
            self._aliases.append((folder, "*", (_normal(options.base, "*"),)))

    def name_of(self, file: int) -> str:
        return self._names[file]

    def package_of(self, _file: int) -> int:
        return -1

    def root(self, _file: int, _name: str) -> Found | None:
        return None

    def submodule(self, _file: int, _name: str) -> int:
        return -1

    def find(self, file: int, specifier: str) -> Found | None:
        folder = self._paths[file].rpartition("/")[0]
        if specifier.startswith((".", "/")):
            return self._module(_normal(folder, specifier)) if not specifier.startswith("/") else None
        for path in self._aliased(folder, specifier):
            found = self._module(path)
            if found:
                return found
        return self._find_package(specifier)

    def _aliased(self, folder: str, specifier: str) -> Iterator[str]:
        for root, pattern, targets in self._aliases:
            if root and not f"{folder}/".startswith(f"{root}/"):
                continue
            head, star, tail = pattern.partition("*")
            if specifier == pattern or (star and specifier.startswith(head) and specifier.endswith(tail)):
                middle = specifier[len(head) : len(specifier) - len(tail)] if star else ""
                yield from (target.replace("*", middle) for target in targets)

    def _module(self, path: str) -> Found | None:
        file = self._at.get(path)
        if file is None:
            stem, extension = posixpath.splitext(path)
            candidates = [stem + other for other in WRITTEN_FOR.get(extension, ())]
            file = next((self._at[candidate] for candidate in candidates if candidate in self._at), None)
        if file is None:
            mains = (found for main in self._mains.get(path, ()) for found in (main, posixpath.splitext(main)[0]))
            file = next((self._at[found] for found in mains if found in self._at), self._index.get(path))
        return None if file is None else Found(value(MODULE, file))

    def _find_package(self, specifier: str) -> Found | None:
        parts = specifier.split("/")
        size = 2 if specifier.startswith("@") else 1
        package, rest = "/".join(parts[:size]), parts[size:]
        workspace = self._workspace.get(package)
        if workspace:
            path = "/".join(rest)
            return self._find_offered(package, workspace[0], path) or self._find_workspace(*workspace, path)
        number = self._externals.package(package.removeprefix("node:"))
        return Found(value(EXTERNAL, number), tuple(rest))

    def _find_offered(self, package: str, folder: str, path: str) -> Found | None:
        """A path that the package's own list of exports names."""
        for pattern, targets in self._offered.get(package, ()):
            head, star, tail = pattern.partition("*")
            if path != pattern and not (star and path.startswith(head) and path.endswith(tail)):
                continue
            middle = path[len(head) : len(path) - len(tail)] if star else ""
            for target in (written.replace("*", middle) for written in targets):
                found = self._module(_normal(folder, target)) or self._module(_normal(folder, _source_of(target)))
                if found:
                    return found
        return None

    def _find_workspace(self, folder: str, entries: tuple[str, ...], rest: str) -> Found | None:
        if rest:
            candidates = [rest, f"src/{rest}"]
        else:
            written = [*entries, *map(_source_of, entries)]
            candidates = [*written, *(posixpath.splitext(entry)[0] for entry in written), "src/index", "src", "index", ""]
        for candidate in candidates:
            found = self._module(_normal(folder, candidate))
            if found:
                return found
        return None


def _normal(folder: str, path: str) -> str:
    joined = posixpath.normpath(posixpath.join(folder, path))
    return "" if joined == "." else joined


def _targets(entry: object, depth: int = 0) -> tuple[str, ...]:
    """The files that an entry of `exports` or `imports` may stand for, whatever the conditions are."""
    if isinstance(entry, str):
        return (entry,)
    inner = entry.values() if isinstance(entry, dict) else entry if isinstance(entry, list) else ()
    return tuple(target for part in inner for target in _targets(part, depth + 1)) if depth < CONDITIONS else ()


def _source_of(path: str) -> str:
    """The source of a built file, where builds and sources have the same folders: `./dist/a.js` is built from `src/a`."""
    folder, _, rest = path.removeprefix("./").partition("/")
    return f"src/{posixpath.splitext(rest)[0].removesuffix('.d')}" if rest and folder != "src" else path


def _object(text: str) -> dict[str, Any]:
    """Read JSON that may have comments and trailing commas; a broken manifest says nothing."""
    try:
        data = json.loads(COMMENT_OR_STRING.sub(lambda match: match.group(1) or "", text))
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}
