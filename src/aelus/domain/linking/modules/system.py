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


class Packages:
    """Packages that are made of several files or folders, numbered in the order in which they are met."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.files: list[list[int]] = []
        self.children: list[dict[str, int]] = []
        """Name → value of a package or module inside it."""
        self._numbers: dict[tuple[str, str], int] = {}

    def number(self, kind: str, name: str) -> int:
        key = (kind, name)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.names)
            self.names.append(name)
            self.files.append([])
            self.children.append({})
        return number

    def get(self, kind: str, name: str) -> int:
        """Number of a known package, or -1."""
        return self._numbers.get((kind, name), -1)
