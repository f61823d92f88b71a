"""The names of things in a question: `Session.close`, `read_all`, `src/main.go`."""

from __future__ import annotations

import re
from typing import Final

MAX_NAMES: Final = 16
_TOKEN: Final = re.compile(r"[\w$][\w$./:#\\-]*")
_TRAILING: Final = ".:/-#\\"
_TELLING: Final = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2}[a-z]{2}|[A-Za-z]\w*_\w|^_|[A-Za-z]\d|[\w)]\.\w|::|\w/\w|#\w")
"""Inner capitals, underscores, digits, dots, slashes: no word of prose has them."""


def query_names(query: str) -> tuple[str, ...]:
    """Words that are spelt like names; or the one word that a question has."""
    tokens = [token.rstrip(_TRAILING) for token in _TOKEN.findall(query.replace("()", " "))]
    chosen = tokens if len(tokens) == 1 else [token for token in tokens if _TELLING.search(token)]
    names = (name for token in chosen for name in _spellings(token) if name)
    return tuple(dict.fromkeys(names))[:MAX_NAMES]


def only_names(query: str) -> bool:
    """Whether the question is nothing but a name."""
    tokens = _TOKEN.findall(query.replace("()", " "))
    return len(tokens) == 1 and bool(_TELLING.search(tokens[0]))


def _spellings(token: str) -> tuple[str, ...]:
    """As written, and with the separator that most languages have."""
    return (token, re.sub(r"::|#", ".", token))
