"""Constants that count the declarations of their group: `const (A = iota + 1; B; C)` are 1, 2 and 3.

Source: The Go Programming Language Specification, "Iota", "Constant declarations".
"""

from __future__ import annotations

import re
from typing import Final

from tree_sitter import Node

VALUE: Final = "value"
LARGEST: Final = 1 << 64
DIGITS: Final = 3
"""Of a number beside the counter."""


class CountedConstants:
    """Tells their values."""

    def __init__(self, counter: str) -> None:
        word, number = re.escape(counter), rf"[0-9]{{1,{DIGITS}}}"
        self._written = re.compile(
            rf"(?:\w+\()?\s*(?:(?P<left>{number})\s*(?P<before>\+|\*|<<)\s*)?\(?{word}\s*(?:(?P<behind>\+|-|\*|<<)\s*(?P<right>{number}))?\)*"
        )
        self._groups: dict[int, dict[int, int]] = {}

    def value(self, declaration: Node, source: bytes) -> int | None:
        """The number that a declaration of one constant stands for; None where it does not count."""
        group = declaration.parent
        if group is None:
            return None
        known = self._groups.get(group.id)
        if known is None:
            known = self._groups[group.id] = self._counted(group, source)
        return known.get(declaration.id)

    def _counted(self, group: Node, source: bytes) -> dict[int, int]:
        found, written, place = dict[int, int](), "", 0
        for member in group.named_children:
            if member.type != group.named_children[0].type and "comment" in member.type:
                continue
            value = member.child_by_field_name(VALUE)
            if value is not None:
                written = source[value.start_byte : value.end_byte].decode("utf-8", "replace")
            number = self._evaluated(written, place)
            if number is not None:
                found[member.id] = number
            place += 1
        return found

    def _evaluated(self, written: str, counter: int) -> int | None:
        match = self._written.fullmatch(written)
        if match is None:
            return None
        number = counter
        if match["behind"]:
            number = _combined(number, match["behind"], int(match["right"]))
        if match["before"]:
            number = _combined(int(match["left"]), match["before"], number)
        return number if -LARGEST < number < LARGEST else None


def _combined(left: int, operator: str, right: int) -> int:
    if operator == "<<":
        return left << right if 0 <= right <= DIGITS << 5 else LARGEST
    return left + right if operator == "+" else left - right if operator == "-" else left * right
