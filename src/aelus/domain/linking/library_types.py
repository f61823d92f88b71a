"""What the standard library's types are: their bases, and what their methods return.

A room's `types.txt` has a line for each: `java.lang.Thread: < java.lang.Runnable; java.lang.String getName toString; long getId`. The word
`interface` stands where methods of classes run in place of its own without a word that says so (`LanguageTraits.overriding`). Behind
`<` stand the bases, behind `()` the number of parameters of the only method that is to be implemented and its name, elsewhere a result and
the methods that return it; `?` stands for a result that depends on what they are given. Behind `!` stand the methods that a type asks for,
with what they take and return: `io.Reader: ! Read([]byte)(int,error)`. A line of a function says behind `&` which types its parameters ask
for, by their numbers: `io.Copy: & 0=io.Writer 1=io.Reader`; `1+` stands for all arguments from there on, `()` for a function, `a|b` for the
first of several that an argument has.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final, NamedTuple

BASES: Final = "<"
INTERFACE: Final = "interface"
ASKED: Final = "!"
TAKEN: Final = "&"
ONWARD: Final = "+"
ALTERNATIVE: Final = "|"
FUNCTION: Final = "()"
CALLABLE: Final = "()"
ANYTHING: Final = "*"
"""Line of what all types extend."""
UNSTABLE: Final = "?"
"""Stands for a result that depends on what the method is given."""
NOTHING_ASKED: Final = -1
DOT: Final = re.compile(r"\.")
COUNTED: Final = {"arguments": -2, "arguments-1": -3}
"""Functions with a parameter for each type argument, and with one for each but the last."""


class Taken(NamedTuple):
    """A parameter of a function that asks for something."""

    position: int
    onward: bool
    """Whether it stands for all arguments from there on."""
    types: tuple[str, ...]
    """Qualified names of types, of which an argument may have the first that fits, or `FUNCTION` alone."""


class LibraryType(NamedTuple):
    bases: tuple[str, ...]
    results: Mapping[str, str]
    """Method → qualified name of what it returns."""
    parameters: int
    """Parameters of the only method that is to be implemented; -1 when there is not exactly one."""
    asked: str
    """Name of that method."""
    signatures: Mapping[str, str]
    """Method that is asked for → what it takes and returns."""
    taken: tuple[Taken, ...]
    is_interface: bool


class LibraryTypes:
    """The types that one language's library has."""

    def __init__(self, text: str) -> None:
        self._lines = dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)
        self.last_names = frozenset(name.rpartition(".")[2] for name in self._lines)
        """The names of all types, without what they are in."""
        self._packages = frozenset(name[: match.start()] for name in self._lines for match in DOT.finditer(name))
        # Only what the library has is kept: names of repositories would add up in a process that links many.
        self._known: dict[str, LibraryType] = {}
        self._ancestors: dict[str, Mapping[str, int]] = {}

    def get(self, name: str) -> LibraryType | None:
        """A type by its qualified name."""
        known = self._known.get(name)
        if known is None and (line := self._lines.get(name)) is not None:
            known = self._known[name] = _read(line)
        return known

    def has(self, name: str) -> bool:
        """Whether the library has a type of this qualified name, or types in a package or type of it."""
        return name in self._lines or name in self._packages

    def ancestors(self, name: str) -> Mapping[str, int]:
        """The type and all it inherits from, with their distances; empty for a type that is not known."""
        found = self._ancestors.get(name)
        if found is None and self.get(name) is not None:
            found = self._ancestors[name] = self._climb(name)
        return found or {}

    def _climb(self, name: str) -> dict[str, int]:
        found, level, distance = dict[str, int](), [name], 0
        while level:
            found.update((base, distance) for base in level if base not in found)
            known = [entry for base in level if (entry := self.get(base)) is not None]
            level = [base for entry in known for base in entry.bases if base not in found]
            distance += 1
        top = self.get(ANYTHING)
        for base in top.bases if top is not None else ():
            found.setdefault(base, distance)
        return found

    def lacks(self, method: str) -> bool:
        """Whether a type that is known, with all its bases, has no such method; both by their qualified names."""
        owner, _, name = method.rpartition(".")
        known = [entry for base in self.ancestors(owner) if (entry := self.get(base)) is not None]
        return bool(known) and all(name not in entry.results for entry in known)

    def is_open(self, member: str) -> bool:
        """Whether what a member of a type is depends on type arguments; by its qualified name."""
        owner, _, name = member.rpartition(".")
        known = (self.get(base) for base in self.ancestors(owner))
        return any(entry is not None and entry.results.get(name) == UNSTABLE for entry in known)

    def result(self, method: str) -> str:
        """What a method returns, by the qualified names of both; empty when it is not known."""
        if not self._lines:
            return ""
        owner, _, name = method.rpartition(".")
        for base in self.ancestors(owner):
            known = self.get(base)
            if known is not None and name in known.results:
                return known.results[name].strip(UNSTABLE)
        return ""


def _read(line: str) -> LibraryType:
    bases, results, parameters, asked = tuple[str, ...](), dict[str, str](), NOTHING_ASKED, ""
    signatures, taken, is_interface = dict[str, str](), tuple[Taken, ...](), False
    for entry in line.split("; "):
        first, *others = entry.split(" ")
        if first == BASES:
            bases = tuple(others)
        elif first == INTERFACE:
            is_interface = True
        elif first == CALLABLE:
            parameters, asked = COUNTED.get(others[0], 0) or int(others[0]), others[1]
        elif first == ASKED:
            signatures.update(_signature(other) for other in others)
            results.update(dict.fromkeys(signatures, UNSTABLE))
        elif first == TAKEN:
            taken = tuple(_taken(other) for other in others)
        else:
            results.update(dict.fromkeys(others, first))
    return LibraryType(bases, results, parameters, asked, signatures, taken, is_interface)


def _signature(text: str) -> tuple[str, str]:
    name, opening, rest = text.partition("(")
    return name, opening + rest


def _taken(text: str) -> Taken:
    position, _, asked = text.partition("=")
    return Taken(int(position.rstrip(ONWARD)), position.endswith(ONWARD), tuple(asked.split(ALTERNATIVE)))


@cache
def library_types(text: str) -> LibraryTypes:
    """The types of a `types.txt`."""
    return LibraryTypes(text)
