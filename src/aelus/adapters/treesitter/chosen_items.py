"""Items that a macro chooses by conditions: `cfg_if! { if #[cfg(unix)] { mod unix; } else { mod other; } }`.

The items are read as if they stood alone, each under the condition of its branch; `item_conditions` says what comes of that.

Source: the documentation of the crate `cfg-if`.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

TOKEN: Final = re.compile(rb"""//[^\n]*|/\*.*?\*/|b?"(?:[^"\\]|\\.)*"|r(#*)".*?"\1|'(?:[^'\\\n]|\\[^\n])'|[{}]""", re.DOTALL)
GAP: Final = rb"(?:\s|//[^\n]*|/\*(?:[^*]|\*(?!/))*+\*/)*+"
SPACE: Final = re.compile(GAP)
HEAD: Final = re.compile(GAP + rb"(?:else\b)?" + GAP + rb"(if\b)?" + GAP)
INK: Final = re.compile(rb"[^\n]")
BRANCHES_LIMIT: Final = 64
"""Branches of one macro that are read."""
Span = tuple[int, int]


class ChosenItems(NamedTuple):
    """The branches of all such macros of a file."""

    blanked: tuple[Span, ...]
    """What is not read: names and heads."""
    branches: tuple[tuple[int, int, str], ...]
    """(first byte, byte behind the end, condition)."""


def chosen_items(source: bytes, chooser: re.Pattern[bytes], attribute: re.Pattern[bytes]) -> ChosenItems:
    """Find the macros with `chooser`, which ends with a brace; of an `attribute` group 1 is the condition."""
    blanked, branches = list[Span](), list[tuple[int, int, str]]()
    closing = _closing(source) if chooser.search(source) else {}
    for match in chooser.finditer(source):
        end = closing.get(match.end() - 1, -1)
        found = _branches(source, match.end(), end, closing, attribute) if end >= 0 else []
        if found:
            heads = (match.start(), *(branch[1] for branch in found))
            blanked.extend(zip(heads, (*(branch[0] for branch in found), end + 1), strict=True))
            branches.extend(found)
    return ChosenItems(tuple(blanked), tuple(branches))


def without_choosers(source: bytes, found: ChosenItems) -> bytes:
    """The source with blanks in place of everything but the items."""
    parts, position = list[bytes](), 0
    for start, end in sorted(found.blanked):
        if start >= position:
            parts += (source[position:start], INK.sub(b" ", source[start:end]))
            position = end
    return b"".join((*parts, source[position:]))


def _closing(source: bytes) -> dict[int, int]:
    """Place of each opening brace → that of the one that closes it."""
    found, opened = dict[int, int](), list[int]()
    for match in TOKEN.finditer(source):
        if match.group() == b"{":
            opened.append(match.start())
        elif match.group() == b"}" and opened:
            found[opened.pop()] = match.start()
    return found


def _branches(source: bytes, place: int, end: int, closing: dict[int, int], attribute: re.Pattern[bytes]) -> list[tuple[int, int, str]]:
    """The branches up to the end of a macro; none where it is written in another way."""
    found, before = list[tuple[int, int, str]](), list[str]()
    while len(found) < BRANCHES_LIMIT and (space := SPACE.match(source, place)) and space.end() < end:
        head = HEAD.match(source, place)
        start = head.end() if head is not None else place
        tested = attribute.match(source, start) if head is not None and head.group(1) else None
        opened = SPACE.match(source, tested.end() if tested is not None else start)
        last = closing.get(opened.end(), -1) if opened is not None else -1
        if head is None or opened is None or last < 0 or (head.group(1) is not None and tested is None):
            return []
        condition = tested.group(1).decode(errors="replace") if tested is not None else "all()"
        found.append((opened.end() + 1, last, f"all(not(any({','.join(before)})),{condition})" if before else condition))
        before.append(condition)
        place = last + 1
    return found
