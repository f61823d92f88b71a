"""Path patterns of a search: globs, made into regular expressions.

`*` and `?` stay within a folder, `**` does not, and `**/` where a folder's name may begin is any folders or none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

_TOKEN: Final = re.compile(r"(?:^|(?<=/))\*\*/|\*\*|\*|\?|.", re.DOTALL)
_MEANINGS: Final = {"**/": "(.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
_LEAPS: Final = {"**/": "(?:.*?/)??", "**": ".*?"}
"""What crosses folders, taking as little as it can."""
_WITHIN: Final = "[^/]*?"


def path_expression(pattern: str) -> str:
    """Anchored regular expression for a glob, for engines that do not go back; a text without wildcards is looked for anywhere in the path.

    Python's goes back: for `**/**/**/x` it would try every way to cut a path in four, for longer ones till the end of days.
    """
    if not _is_glob(pattern):
        return _escaped(pattern)
    return "^" + "".join(_MEANINGS.get(token) or _escaped(token) for token in _TOKEN.findall(pattern)) + "$"


@lru_cache(maxsize=1024)
def path_matcher(pattern: str) -> re.Pattern[str]:
    """The same for Python, to be searched with, in time that grows with the square of the path's length at most.

    Behind each part that ends at the first place where it can, whatever follows can do what it could behind a later one: `*` reaches
    everything to the end of the folder, `**` everything. So no part but the last need ever be tried again.
    """
    if not _is_glob(pattern):
        return re.compile(_escaped(pattern))
    first, *others = _stretches(_TOKEN.findall(pattern))
    parts = [_stretch(*first, last=not others), *(_stretch(*one, last=one is others[-1]) for one in others)]
    return re.compile(rf"\A{''.join(parts)}\Z", re.DOTALL)


def _is_glob(pattern: str) -> bool:
    return "*" in pattern or "?" in pattern


def _stretches(tokens: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """What lies between leaps across folders, each with the leap before it."""
    leap, within = "", list[str]()
    for token in tokens:
        if token in _LEAPS:
            yield leap, within
            leap, within = token, []
        else:
            within.append(token)
    yield leap, within


def _stretch(leap: str, within: Sequence[str], *, last: bool) -> str:
    """One leap and what follows it, up to the next one."""
    runs = [""]
    for sign in within:
        if sign == "*":
            runs.append("")
        else:
            runs[-1] += _MEANINGS.get(sign) or _escaped(sign)
    head, *behind_stars = runs
    atoms = [f"(?>{_WITHIN}{run})" for run in behind_stars]
    if last and atoms:
        atoms[-1] = _WITHIN + behind_stars[-1]
    found = _LEAPS.get(leap, "") + head + "".join(atoms)
    return found if last else f"(?>{found})"


def _escaped(text: str) -> str:
    """Every sign that means something in a regular expression, taken as it is; PostgreSQL's and Python's agree on these."""
    return re.sub(r"([.^$*+?{}\[\]\\|()])", r"\\\1", text)
