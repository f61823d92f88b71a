"""Packages of the library that a program adds to: what it does not declare there itself may be what the library has."""

from __future__ import annotations

from aelus.domain.linking.externals import Externals
from aelus.domain.linking.library_types import library_types
from aelus.domain.linking.program import Program
from aelus.domain.linking.targets import NOWHERE, Target
from aelus.domain.linking.values import EXTERNAL, value


class LibraryPackages:
    """Finds what they have, in languages whose library's types are known."""

    def __init__(self, program: Program, externals: Externals) -> None:
        self._externals = externals
        self._libraries = [library_types(traits.types) for traits in program.languages if traits.types and traits.top_type]

    def member(self, package: str, name: str) -> Target:
        """A type or a package inside of a package."""
        if not any(library.has(f"{package}.{name}") for library in self._libraries):
            return NOWHERE
        first, *rest = package.split(".")
        symbol = self._externals.package(first)
        for part in [*rest, name]:
            symbol = self._externals.member(symbol, part, ".")
        return Target((), (value(EXTERNAL, symbol),))
