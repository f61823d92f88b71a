"""Conditions that definitions stand under, as far as the file alone does not decide them: `not(feature=std)`.

A file's facts keep what is left of a condition when its room's own words are decided; whether a switch is on is known when the whole
repository is, with the manifest that sets it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

COMBINED: Final = re.compile(r"(all|any|not)\s*\((.*)\)", re.DOTALL)
DEPTH_LIMIT: Final = 8
Decide = Callable[[str], bool | None]
"""Whether a word holds; None where that is not known."""


def decided(text: str, decide: Decide, depth: int = 0) -> bool | None:
    """Whether a condition holds, by its words; None where they do not tell. What is nested too deeply holds."""
    combined = COMBINED.fullmatch(text.strip())
    if depth > DEPTH_LIMIT:
        return True
    if combined is None:
        return decide(_word(text))
    word = combined.group(1)
    parts = [decided(part, decide, depth + 1) for part in _split(combined.group(2))]
    if word == "not":
        return None if None in parts else not all(parts)
    deciding = word == "any"
    if deciding in parts:
        return deciding
    return None if None in parts else not deciding


def _word(text: str) -> str:
    key, _, wanted = (part.strip() for part in text.partition("="))
    return f"{key}={wanted.strip(chr(34))}" if wanted else key


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
