"""Items that attributes leave out of a program: `#[cfg(windows)] fn …`.

All are read, as all branches of a preprocessor are; `branches` says what comes of it.

Source: The Rust Reference, "Conditional compilation".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

HEAD_END: Final = re.compile(rb"[{;]")
COMBINED: Final = re.compile(r"(all|any|not)\s*\((.*)\)", re.DOTALL)
DEPTH_LIMIT: Final = 8
Span = tuple[int, int]


def items_left_out(source: bytes, attribute: re.Pattern[bytes], predefined: Mapping[str, int]) -> list[Span]:
    """Heads of the items behind attributes whose condition (group 1) does not hold."""
    spans = list[Span]()
    for match in attribute.finditer(source):
        if not _holds(match.group(1).decode(errors="replace"), predefined, 0):
            end = HEAD_END.search(source, match.end())
            spans.append((match.end(), end.start() if end else len(source)))
    return spans


def _holds(text: str, predefined: Mapping[str, int], depth: int) -> bool:
    combined = COMBINED.fullmatch(text.strip())
    if depth > DEPTH_LIMIT:
        return True
    if combined is None:
        key, _, wanted = (part.strip() for part in text.partition("="))
        return predefined.get(f"{key}={wanted.strip(chr(34))}" if wanted else key, predefined.get(f"{key}=*", 0)) > 0
    parts = [_holds(part, predefined, depth + 1) for part in _split(combined.group(2))]
    word = combined.group(1)
    return all(parts) if word == "all" else any(parts) if word == "any" else not all(parts)


def _split(text: str) -> list[str]:
    """Parts between commas that stand in no brackets."""
    parts, depth = [""], 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part for part in parts if part.strip()]
