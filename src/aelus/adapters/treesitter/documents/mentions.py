"""What a document says of code, as references and expressions of `domain.facts`.

A name is a `FREE` expression, its parts the names that it may be relative to. A path is a `CONSTANT`. What a code block imports is an
`IMPORT` of the module, its part the language of the block, below the `MEMBER`s that are taken of it. The kind of the reference is the
`Origin` of the edge.
"""

from __future__ import annotations

from collections.abc import Sequence

from aelus.adapters.treesitter.documents.headings import Outline
from aelus.adapters.treesitter.expressions import Entry, Expressions
from aelus.domain.facts import CONSTANT, FREE, IMPORT, LITERAL, MEMBER, Reference
from aelus.domain.graph import Origin


class Mentions:
    """Gathers them, each once for a line."""

    def __init__(self) -> None:
        self._expressions = Expressions()
        self._found: dict[tuple[str, int, int], int] = {}

    def name(self, origin: Origin, name: str, line: int, byte: int, holders: Sequence[str] = ()) -> None:
        """A name, with what it may be a member of, the likeliest first."""
        if name:
            parts = tuple([self._expressions.add(FREE, holder) for holder in holders])
            self._add(origin, self._expressions.add(FREE, name, parts), line, byte)

    def path(self, path: str, line: int, byte: int) -> None:
        if path:
            self._add(Origin.LINK, self._expressions.add(CONSTANT, path), line, byte)

    def imported(self, language: str, module: str, names: Sequence[str], line: int, byte: int) -> None:
        """What a code block takes of a module."""
        expression = self._expressions.add(IMPORT, module, (self._expressions.add(LITERAL, language),))
        for name in names:
            expression = self._expressions.add(MEMBER, name, (expression,))
        self._add(Origin.CODE_BLOCK, expression, line, byte)

    def expressions(self) -> tuple[Entry, ...]:
        return tuple(self._expressions.entries)

    def references(self, outline: Outline) -> tuple[Reference, ...]:
        """In source order."""
        found = sorted((line, byte, kind, expression) for (kind, expression, line), byte in self._found.items())
        return tuple([Reference(kind, expression, line, byte, outline.at(line)) for line, byte, kind, expression in found])

    def _add(self, origin: Origin, expression: int, line: int, byte: int) -> None:
        self._found.setdefault((origin.value, expression, line), byte)
