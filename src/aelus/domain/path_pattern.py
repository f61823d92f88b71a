"""Path patterns of a search: globs, made into regular expressions that every engine reads alike and none runs away on."""

from __future__ import annotations

import re
from typing import Final

_TOKEN: Final = re.compile(r"\*\*/|\*\*|\*|\?|.", re.DOTALL)
_MEANINGS: Final = {"**/": "(.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def path_expression(pattern: str) -> str:
    """Anchored regular expression for a glob; a text without wildcards is looked for anywhere in the path."""
    if not any(wildcard in pattern for wildcard in "*?"):
        return _escaped(pattern)
    return "^" + "".join(_MEANINGS.get(token) or _escaped(token) for token in _TOKEN.findall(pattern)) + "$"


def _escaped(text: str) -> str:
    """Every sign that means something in a regular expression, taken as it is; PostgreSQL's and Python's agree on these."""
    return re.sub(r"([.^$*+?{}\[\]\\|()])", r"\\\1", text)
