"""Files that are named by a path, as they are included or loaded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aelus.domain.linking.program import Program

PATH: Final = "#"
"""Before a specifier that is the path of a file."""
ROOTS: Final = frozenset({"include", "inc", "src", "lib", ""})
"""Last folders that files without a folder of their own are searched in."""


class Paths:
    """The files of some languages by the ends of their paths."""

    def __init__(self, program: Program, mine: Sequence[int]) -> None:
        self._paths = program.paths
        self._at = {program.paths[file]: file for file in mine}
        self._by_name: dict[str, list[int]] = {}
        for file in mine:
            self._by_name.setdefault(program.paths[file].rpartition("/")[2], []).append(file)

    def find(self, file: int, name: str, *, beside: bool = True) -> int:
        """The file that a path means to another file, which it is looked for `beside` first; -1 when there is none."""
        folder = self._paths[file].rpartition("/")[0]
        found = self._at.get(_normal(folder, name), -1) if beside else -1
        return found if found >= 0 else self._search(folder, name.lstrip("./"))

    def _search(self, folder: str, name: str) -> int:
        """The file whose path ends so, the one that shares the longest folder with the other one."""
        last = name.rpartition("/")[2]
        candidates = [other for other in self._by_name.get(last, ()) if f"/{self._paths[other]}".endswith(f"/{name}")]
        if "/" not in name:
            candidates = [o for o in candidates if self._paths[o].rpartition("/")[0].rpartition("/")[2] in ROOTS] or candidates[:1]
        here = folder.split("/")
        return max(candidates, key=lambda other: (_shared(here, self._paths[other].split("/")), -other), default=-1)


def _normal(folder: str, path: str) -> str:
    parts = folder.split("/") if folder else []
    for part in path.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in (".", ""):
            parts.append(part)
    return "/".join(parts)


def _shared(left: list[str], right: list[str]) -> int:
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count
