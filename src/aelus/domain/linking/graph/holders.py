"""Objects that functions are put into, which their names tell: `tools.run` of `tools = { run() {} }` and `tools.run = () => 1`."""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import (
    CALL,
    CONSTANT,
    DEFINITION,
    EXPORTS,
    GENERIC,
    INDEX,
    LOCAL,
    MAPPING,
    MEMBER,
    RETURN,
    SETTER,
    SPREAD_MAP,
    FileFacts,
)
from aelus.domain.language_traits import LanguageTraits

NESTED_LIMIT: Final = 64
"""Literals around each other, or members of one another, that a name tells."""


class Holders:
    """Finds what the functions and classes of a file are put into; the receiver of the function around and the file's own exports have no
    name, whatever variable holds them.
    """

    def __init__(self, facts: FileFacts, traits: LanguageTraits) -> None:
        self._facts = facts
        self._traits = traits
        self._nameless: set[int] = set()
        self.names: dict[int, str] = {}
        """By index of the definition."""
        self._literals: list[tuple[int, list[str]]] = []
        self._seen: set[int] = set()
        for target, source in self._puts():
            self._put(source, target)
        for export in facts.exports:
            self._open(export.expression, [])
        while self._literals:
            self._read(*self._literals.pop())

    def _puts(self) -> list[tuple[int, int]]:
        """What literals and functions flow to; on the way, which variables have no name."""
        expressions, found = self._facts.expressions, list[tuple[int, int]]()
        for target, source in self._facts.flows:
            form = expressions[source].form
            if form in (MAPPING, DEFINITION):
                found.append((target, source))
            elif form in (LOCAL, EXPORTS) and self._is_nameless(source):
                self._nameless.add(target)
        return found

    def _is_nameless(self, expression: int) -> bool:
        entry = self._facts.expressions[expression]
        return entry.form == EXPORTS or (entry.form == LOCAL and entry.text == self._traits.receiver_variable)

    def _put(self, source: int, target: int) -> None:
        entry, place = self._facts.expressions[source], self._facts.expressions[target]
        if entry.form == MAPPING:
            self._open(source, self._spelled(target))
        elif entry.form == DEFINITION and place.form == MEMBER:
            self._name(entry.parts[0], place.text, self._spelled(place.parts[0]))

    def _open(self, literal: int, around: list[str]) -> None:
        """Every literal is read once."""
        if self._facts.expressions[literal].form == MAPPING and literal not in self._seen and len(around) < NESTED_LIMIT:
            self._seen.add(literal)
            self._literals.append((literal, around))

    def _read(self, literal: int, around: list[str]) -> None:
        expressions, parts, position = self._facts.expressions, self._facts.expressions[literal].parts, 0
        while position < len(parts):
            if expressions[parts[position]].form == SPREAD_MAP:
                position += 1
                continue
            key, value = expressions[parts[position]], expressions[parts[position + 1]]
            if value.form in (DEFINITION, RETURN):
                self._name(value.parts[0], key.text.removesuffix(SETTER) if key.form == CONSTANT else "", around)
            elif key.form == CONSTANT:
                self._open(parts[position + 1], [*around, key.text])
            position += 2

    def _name(self, definition: int, member: str, around: list[str]) -> None:
        """A function that has another name of its own than the member keeps that alone."""
        if around and member in ("", self._facts.definitions[definition].name):
            self.names.setdefault(definition, self._traits.separator.join(around))

    def _spelled(self, expression: int) -> list[str]:
        """The name of an object as it is written, but for that of prototypes: `A` of `A.prototype`."""
        expressions, names = self._facts.expressions, list[str]()
        while expressions[expression].form in (MEMBER, CALL, GENERIC, INDEX):
            entry = expressions[expression]
            if entry.form == MEMBER and entry.text != self._traits.prototype:
                names.append(entry.text)
            expression = entry.parts[0]
        if expression not in self._nameless and not self._is_nameless(expression):
            names.append(expressions[expression].text)
        return [name for name in reversed(names) if name][-NESTED_LIMIT:]
