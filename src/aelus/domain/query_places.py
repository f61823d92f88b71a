"""Places in a question, as compilers, stack traces and reviews write them: `client.py:52`, `a/b.go#L10-L20`, `File "x.py", line 5`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

MAX_PLACES: Final = 8
MAX_FILES: Final = 3
"""Of one place: so many files may be meant by a name."""
_PLACE: Final = re.compile(
    r"(?<![\w.+@\\/-])([\w.+@\\/-]{0,300}\w\.[A-Za-z]\w{0,7})"
    r"""(?:["']?,?\ (?:on\ )?lines?\ |:line\ |:|\#L|\((?=\d+(?:,|\):)))"""
    r"(\d{1,7})(?:-L?(\d{1,7}))?"
)
"""A file with an ending, what stands before a line's number, one line or a run. It begins where a word does, so that it is linear."""
_SEPARATOR: Final = re.compile(r"[/\\]")


class Place(NamedTuple):
    """Lines of a file, inclusive."""

    path: str
    """As it is written: whole, in part, or that of another machine."""
    first: int
    last: int

    @property
    def file(self) -> str:
        return _parts(self.path)[-1]

    def meets(self, start: int, end: int) -> bool:
        return start <= self.last and end >= self.first

    def likeliest(self, paths: Iterable[str]) -> list[str]:
        """Those that end most as the place's path does; none that has another file name."""
        alike = [(_shared_end(self.path, path), path) for path in paths]
        most = max((count for count, _ in alike), default=0)
        return sorted(path for count, path in alike if count == most > 0)[:MAX_FILES]


def query_places(query: str) -> tuple[Place, ...]:
    """In order, each once, at most `MAX_PLACES`."""
    found = (_place(*match.groups()) for match in _PLACE.finditer(query))
    return tuple(dict.fromkeys(found))[:MAX_PLACES]


def _place(path: str, first: str, last: str | None) -> Place:
    return Place(path, int(first), max(int(first), int(last or first)))


def _shared_end(one: str, other: str) -> int:
    """Parts that both paths end with, case ignored."""
    count = 0
    for mine, yours in zip(reversed(_parts(one)), reversed(_parts(other)), strict=False):
        if mine.lower() != yours.lower():
            break
        count += 1
    return count


def _parts(path: str) -> list[str]:
    return _SEPARATOR.split(path)
