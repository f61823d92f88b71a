"""Ends of members and statements that the source leaves to the end of the line, where the grammar would read on.

`f(): T` before a line that begins with `<U>(…)` is read as `T<U>`, `f` before one that begins with `(a)` as `f(a)`. A room says with
regular expressions how such lines begin (`[blanks] separated`, group 1 is white space before it) and how the line before ends (`ended`; as
types do, where it says nothing); that white space becomes a `;`. No position changes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

LINE_COMMENT: Final = b"//"
LINES: Final = 32
"""Lines of comments between two members."""
COMMENT_BEHIND: Final = re.compile(rb"\s//")
ENDS: Final = re.compile(rb"(?:[\w$\])}'\"`]|[^=]>)\Z")
"""What a type ends with; an arrow is none."""


def with_separators(source: bytes, beginning: re.Pattern[bytes], ended: re.Pattern[bytes] | None) -> bytes:
    """The source with a `;` in front of what begins so behind a line that ends something."""
    return with_ends(
        source, [match.start(1) for match in beginning.finditer(source) if _is_behind_end(source, match.start(), ended or ENDS)]
    )


def with_ends(source: bytes, ends: Sequence[int]) -> bytes:
    """The source with a `;` at these places."""
    if not ends:
        return source
    changed = bytearray(source)
    for position in ends:
        changed[position] = ord(";")
    return bytes(changed)


def _is_behind_end(source: bytes, start: int, ended: re.Pattern[bytes]) -> bool:
    """Whether the last line before `start` that is no comment ends so."""
    for _ in range(LINES):
        end = max(start - 1, 0)
        start = source.rfind(b"\n", 0, end) + 1
        line = source[start:end].rstrip()
        if line and not line.lstrip().startswith((LINE_COMMENT, b"/*", b"*")):
            return ended.search(COMMENT_BEHIND.split(line, maxsplit=1)[0].rstrip()) is not None
        if start == 0:
            return False
    return False
