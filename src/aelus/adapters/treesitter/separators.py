"""Ends of members that the source leaves to the end of the line, where the grammar would read on.

`f(): T` before a line that begins with `<U>(…)` is read as `T<U>`. A room says with a regular expression how such lines begin
(`[blanks] separated`, group 1 is white space before it); where the line before ends a type, that white space becomes a `;`. No position
changes.
"""

from __future__ import annotations

import re
from typing import Final

LINE_COMMENT: Final = b"//"
LINES: Final = 32
"""Lines of comments between two members."""
ENDS: Final = re.compile(rb"(?:[\w$\])}'\"`]|[^=]>)\Z")
"""What a type ends with; an arrow is none."""


def with_separators(source: bytes, beginning: re.Pattern[bytes]) -> bytes:
    """The source with a `;` in front of members that begin so behind a type."""
    ends = [match.start(1) for match in beginning.finditer(source) if _is_behind_type(source, match.start())]
    if not ends:
        return source
    changed = bytearray(source)
    for position in ends:
        changed[position] = ord(";")
    return bytes(changed)


def _is_behind_type(source: bytes, start: int) -> bool:
    """Whether the last line before `start` that is no comment ends a type."""
    for _ in range(LINES):
        end = max(start - 1, 0)
        start = source.rfind(b"\n", 0, end) + 1
        line = source[start:end].rstrip()
        if line and not line.lstrip().startswith((LINE_COMMENT, b"/*", b"*")):
            return ENDS.search(line) is not None
        if start == 0:
            return False
    return False
