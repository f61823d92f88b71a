"""Symbols that lie outside of the repository: the seam where other repositories join."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class External(NamedTuple):
    package: str
    """What a package manager or the language would call it."""
    symbol: str
    """Path within the package; empty for the package itself."""
    qualified_name: str


class Externals:
    """Numbers external symbols in the order in which they are met."""

    def __init__(self, written: Mapping[str, str]) -> None:
        """`written`: names that types of the program have for linking alone → what stands in the text."""
        self._written = written
        self.entries: list[External] = []
        self._numbers: dict[tuple[str, str], int] = {}

    def builtin(self, package: str, name: str) -> int:
        """A symbol that is known without import."""
        return self.member(self.package(package), name, ".")

    def package(self, name: str) -> int:
        return self._number(name, "", name)

    def member(self, parent: int, name: str, separator: str) -> int:
        """The symbol `name` inside another external symbol."""
        entry, name = self.entries[parent], self._written.get(name, name)
        symbol = f"{entry.symbol}{separator}{name}" if entry.symbol else name
        return self._number(entry.package, symbol, f"{entry.qualified_name}{separator}{name}")

    def _number(self, package: str, symbol: str, qualified_name: str) -> int:
        key = (package, symbol)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.entries)
            self.entries.append(External(package, symbol, qualified_name))
        return number
