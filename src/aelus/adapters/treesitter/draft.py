"""The facts of one file while they are gathered."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from tree_sitter import Node

from aelus.adapters.treesitter.expressions import Expressions
from aelus.adapters.treesitter.lowering import Lowering
from aelus.adapters.treesitter.lowerings import dispatch_of
from aelus.adapters.treesitter.macros.places import Places
from aelus.adapters.treesitter.room import Role, Room
from aelus.adapters.treesitter.scopes import Scopes

WORD: Final = re.compile(rb"\w+")
NEWLINE: Final = re.compile(rb"\n")
FUNCTION_KINDS: Final = frozenset({"Function", "Method", "Constructor"})
CLASS_KINDS: Final = frozenset({"Class", "Interface", "Struct", "Enum", "Trait"})
Captures = dict[str, list[Node]]


class Place(NamedTuple):
    """One match of the queries. Places sort in source order, outer ones first, those that open something before others."""

    start: int
    end: int
    """Negative, so that the longer of two with one start comes first."""
    rank: int
    number: int
    node: Node
    role: Role
    captures: Captures


Found = tuple[Place, int, int]
"""A place, the scope around it, the definition around it."""


@dataclass(slots=True, kw_only=True, eq=False)
class DefinitionDraft:
    """A definition while its file is read; what it means is that of `facts.Definition`."""

    kind: str
    name: str
    parent: int
    scope: int
    start: int
    end: int
    name_start: int
    span_start: int
    """Where it starts with its decorators."""
    head_start: int
    """Where its signature starts."""
    outside: int
    """Scope in which what precedes the body is read."""
    captures: Captures = field(default_factory=dict)
    head: int = -1
    """Scope of its type parameters, where those are not names of the body."""
    payload_scope: int = -1
    """Scope that types of fields without a name are read in."""
    body: int = -1
    body_node: Node | None = None
    modifiers: list[str] = field(default_factory=list)
    decorators: list[int] = field(default_factory=list)
    bases: list[int] = field(default_factory=list)
    interfaces: list[int] = field(default_factory=list)
    parameters: list[tuple[str, int, int, int, str]] = field(default_factory=list)
    returns: int = 0
    receiver: int = 0
    metaclass: int = 0
    keywords: dict[str, int] = field(default_factory=dict)
    """What a class is made with by keyword."""
    type_parameters: list[str] = field(default_factory=list)
    comment: str | None = None
    """Its documentation, once that is known."""
    said: str = ""
    """Its signature, where no code has it."""
    receiver_name: str = ""
    """Name of a first parameter that is not written."""
    has_block: bool = False
    """Whether calls give it a block, which is a parameter that need not be written."""
    returned_member: str = ""
    """What stands before the definition's name in that of the receiver's member that it returns; empty for other definitions."""
    stored_member: str = ""
    """As `returned_member`, of the member that it puts what it is given into."""
    extends_around: bool = False
    """Whether it extends the class around it: the body of a constant of an enum."""
    holds: str = ""
    """Of the class around: `instance` or `class`, what the definition holds."""


class FileDraft:
    """What the parts of the extraction share."""

    def __init__(
        self,
        room: Room,
        source: bytes,
        left_out: Sequence[tuple[int, int, str]] = (),
        written: bytes = b"",
        places: Places | None = None,
    ) -> None:
        self.room = room
        self.rules = room.rules
        self.source = source
        self.expressions = Expressions()
        self.scopes = Scopes(self.expressions, room.rules)
        self.symbols: set[tuple[int, str]] = set()
        """(scope, name) of definitions and imports."""
        self.lowering = Lowering(room, dispatch_of(room), source, self.expressions, self.scopes, self.symbols)
        self.definitions: list[DefinitionDraft] = []
        self.package = ""
        self.package_start = -1
        self.flows: list[tuple[int, int]] = []
        self.declared: list[tuple[int, int]] = []
        self.stored: set[int] = set()
        """Nodes of members and subscripts that are assigned to or deleted."""
        self.references: list[tuple[str, int, int, int, int]] = []
        self.imports: list[tuple[Any, ...]] = []
        self.implementations: list[tuple[int, int, int]] = []
        self.exports: list[tuple[Any, ...]] = []
        self._left_out = left_out
        self._written = written
        self._places = places
        self._file = source if places is None else places.source
        self._newlines = [match.start() for match in NEWLINE.finditer(self._file)]

    @property
    def lines(self) -> int:
        """Number of lines; the last one needs no end."""
        return len(self._newlines) + (not self._file.endswith(b"\n") and bool(self._file))

    def conditions(self, byte: int) -> list[str]:
        """Modifiers of what stands there: whether it is left out of the program, or under what condition."""
        return list(dict.fromkeys(modifier for start, end, modifier in self._left_out if start <= byte < end))

    def macro_at(self, byte: int) -> str:
        """The word that stood there in the file, if another one was read in its place."""
        found = WORD.match(self._written, byte)
        return found.group().decode() if found and not self.source.startswith(found.group(), byte) else ""

    def line(self, byte: int) -> int:
        """1-based line of a byte."""
        return bisect_left(self._newlines, byte if self._places is None else self._places.origin(byte)) + 1

    def line_start(self, byte: int) -> int:
        """First byte of the line of a byte."""
        return self.source.rfind(b"\n", 0, byte) + 1

    def origin(self, byte: int) -> int:
        """Where a byte stands in the file."""
        return byte if self._places is None else self._places.origin(byte)

    def span(self, start: int, end: int) -> tuple[int, int, int, int, bool]:
        """First byte and byte behind the end in the file, the lines of these, and whether a macro wrote what stands there."""
        first, behind, made = (start, end, False) if self._places is None else self._places.span(start, end)
        lines = self._newlines
        return first, behind, bisect_left(lines, first) + 1, bisect_left(lines, max(behind - 1, first)) + 1, made

    def placed_references(self) -> list[tuple[str, int, int, int, int]]:
        """The references, where they stand in the file."""
        if self._places is None:
            return self.references
        origin = self._places.origin
        return [(kind, index, line, origin(start), definition) for kind, index, line, start, definition in self.references]

    def flow(self, target: int, source: int) -> None:
        """Note that values of `source` reach `target`, if both are known."""
        if target and source:
            self.flows.append((target, source))

    def declare(self, target: int, declared: int) -> None:
        """Note a declared type, if both are known."""
        if target and declared:
            self.declared.append((target, declared))

    def definition_of_scope(self, scope: int) -> int:
        """Innermost definition around a scope, or -1."""
        return self.scopes.entries[scope][2]
