"""Tokens of a part of a file, with the brackets that belong together.

Source: The Rust Reference, "Tokens".
"""

from __future__ import annotations

import re
from typing import Final

TOKEN: Final = re.compile(
    rb"""(?P<gap>//[^\n]*|/\*(?:[^*]|\*(?!/))*+\*/)
    |(?P<literal>(?:b|c)?"(?:[^"\\]|\\.)*"|(?:b|c)?r(?P<marks>\#*)".*?"(?P=marks)|b?'(?:[^'\\\n]|\\(?:[^u\n]|u\{[^}\n]*\}))[^'\n]{0,2}?'|\d\w*(?:\.\d\w*)?)
    |(?P<lifetime>'\w+)
    |(?P<word>(?:r\#)?[^\W\d]\w*)
    |(?P<mark><<=|>>=|\.\.\.|\.\.=|::|->|=>|\.\.|&&|\|\||<<|>>|[=!<>+\-*/%^&|]=|[^\s\w])""",
    re.DOTALL | re.VERBOSE,
)
CLOSING: Final = {b"(": b")", b"[": b"]", b"{": b"}"}
ENDS: Final = frozenset(CLOSING.values())


class Tokens:
    """The tokens of one span; positions are those of the whole text."""

    def __init__(self, text: bytes, start: int, end: int) -> None:
        self.text = text
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.kinds: list[str] = []
        self.closing: dict[int, int] = {}
        """Number of an opening bracket → that of the one that closes it."""
        opened = list[int]()
        for match in TOKEN.finditer(text, start, end):
            kind = match.lastgroup or ""
            kind = "literal" if kind == "marks" else kind
            if kind == "gap":
                continue
            number, written = len(self.starts), match.group()
            self.starts.append(match.start())
            self.ends.append(match.end())
            self.kinds.append(kind)
            if written in CLOSING:
                opened.append(number)
            elif written in ENDS and opened:
                self.closing[opened.pop()] = number

    def __len__(self) -> int:
        return len(self.starts)

    def word(self, number: int) -> bytes:
        """What is written there; nothing behind the end."""
        return self.text[self.starts[number] : self.ends[number]] if number < len(self.starts) else b""

    def behind(self, number: int) -> int:
        """The token behind a token, or behind the brackets that it opens."""
        return self.closing.get(number, number) + 1
