"""Numbers as programs write them."""

from __future__ import annotations

from typing import Final

DIGITS: Final = 18
"""Of the numbers that are read: no place in a program is further on."""


def natural(text: str) -> int:
    """The number that decimal digits write; -1 for other texts, and for numbers too large to be a place."""
    return int(text) if len(text) <= DIGITS and text.isascii() and text.isdigit() else -1
