"""Text for people: weight and colour on a terminal, plain words elsewhere."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TextIO

from aelus.entrypoints.settings import colour_wanted

_CODES = {"strong": "1", "faint": "2", "path": "36", "good": "32", "bad": "31", "warn": "33"}
_STEPS = ((86400.0, "day"), (3600.0, "hour"), (60.0, "minute"), (1.0, "second"))


class Painter:
    """Marks words on the streams that show it. Args: stream: standard output, as it is now, unless another is given."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._paints = (stream or sys.stdout).isatty() and colour_wanted()

    def __call__(self, text: str, role: str) -> str:
        return f"\x1b[{_CODES[role]}m{text}\x1b[0m" if self._paints else text


def printable(text: str) -> str:
    """The text without what could steer a terminal or cannot be encoded: names and sources come from strangers."""
    shown = "".join(letter if letter in "\n\t" or letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
    return shown.encode("utf-8", "replace").decode("utf-8")


def ago(moment: datetime, now: datetime) -> str:
    """Say how long ago it was: `3 minutes ago`."""
    seconds = max((now - moment).total_seconds(), 0.0)
    for size, word in _STEPS:
        count = int(seconds // size)
        if count:
            return f"{count} {word}{'s' if count > 1 else ''} ago"
    return "just now"
