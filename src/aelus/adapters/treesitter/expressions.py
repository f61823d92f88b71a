"""The file's table of expressions, each kept once."""

from __future__ import annotations

from aelus.domain.facts import UNKNOWN

Entry = tuple[int, str, tuple[int, ...]]
"""A plain `facts.Expression`."""


class Expressions:
    """Hash-consed expressions; index 0 is the unknown one."""

    def __init__(self) -> None:
        self.entries: list[Entry] = [(UNKNOWN, "", ())]
        self._indexes: dict[Entry, int] = {(UNKNOWN, "", ()): 0}
        self._texts: dict[bytes, str] = {}

    def add(self, form: int, text: str = "", parts: tuple[int, ...] = ()) -> int:
        """Index of the expression."""
        key = (form, text, parts)
        index = self._indexes.get(key)
        if index is None:
            index = self._indexes[key] = len(self.entries)
            self.entries.append(key)
        return index

    def fresh(self, form: int, text: str, parts: tuple[int, ...]) -> int:
        """Index of an expression that is equal to no other: a container of its own."""
        self.entries.append((form, text, parts))
        return len(self.entries) - 1

    def text(self, raw: bytes) -> str:
        """A name as text, one object for all its places."""
        text = self._texts.get(raw)
        if text is None:
            text = self._texts[raw] = raw.decode("utf-8", "replace")
        return text
