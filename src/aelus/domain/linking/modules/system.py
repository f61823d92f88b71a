"""What every module system answers."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Found(NamedTuple):
    """A value (see `linking.values`) and the names that are still to be walked from it."""

    value: int
    rest: tuple[str, ...] = ()


class ModuleSystem(Protocol):
    @property
    def files_are_modules(self) -> bool: ...

    def find(self, file: int, specifier: str) -> Found | None: ...

    def name_of(self, file: int) -> str: ...

    def package_of(self, file: int) -> int: ...

    def submodule(self, file: int, name: str) -> int: ...

    def root(self, file: int, name: str) -> Found | None: ...


class Packages:
    """Packages that are made of several files or folders, numbered in the order in which they are met."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.files: list[list[int]] = []
        self.children: list[dict[str, int]] = []
        """Name → value of a package or module inside it."""
        self.scopes: list[list[tuple[int, int]]] = []
        """(file, scope) of the regions of files that belong to the package."""
        self.of_namespace: dict[int, int] = {}
        """Namespace definition → its package."""
        self._families: dict[str, PackageFamily] = {}

    def of(self, family: str) -> PackageFamily:
        """The packages of one family of languages."""
        return self._families.setdefault(family, PackageFamily(self))


class PackageFamily:
    """Packages by name: equal names in other families are other packages."""

    def __init__(self, packages: Packages) -> None:
        self.files = packages.files
        self.children = packages.children
        self.scopes = packages.scopes
        self.of_namespace = packages.of_namespace
        self.names = packages.names
        self._numbers: dict[str, int] = {}

    def number(self, name: str) -> int:
        number = self._numbers.get(name)
        if number is None:
            number = self._numbers[name] = len(self.names)
            self.names.append(name)
            self.files.append([])
            self.children.append({})
            self.scopes.append([])
        return number

    def get(self, name: str) -> int:
        """Number of a known package, or -1."""
        return self._numbers.get(name, -1)
