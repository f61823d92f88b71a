"""What the `.aelusignore` files of a Git tree say. Its `.gitignore` files say nothing: what is in the tree is not ignored."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from pathspec import GitIgnoreSpec

_MAX_STARS: Final = 5
_STARS: Final = re.compile(r"\*+")


class OwnIgnore:
    """Answers for paths, those of folders ending in `/`; `files` are the texts of the ignore files by path."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._specs = {path.rpartition("/")[0]: GitIgnoreSpec.from_lines(_lines(text)) for path, text in files.items()}

    def verdict(self, path: str) -> bool | None:
        """True: leave it out. False: it is asked for, whatever the other rules say. None: nothing is said."""
        if not self._specs:
            return None
        said = (self._said(folder, path) for folder in _folders(path))
        return next((verdict for verdict in said if verdict is not None), None)

    def _said(self, folder: str, path: str) -> bool | None:
        spec = self._specs.get(folder)
        return spec.check_file(path[len(folder) + 1 :] if folder else path).include if spec else None


def _folders(path: str) -> Iterator[str]:
    """Folders above a path, the closest first."""
    folder = path.rstrip("/")
    while folder:
        folder = folder.rpartition("/")[0]
        yield folder


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if _means_something(line)]


def _means_something(line: str) -> bool:
    """Leaves out what Git leaves out, and patterns so full of stars that matching them may take for ever."""
    if not line.strip() or line.startswith("#") or len(_STARS.findall(line)) > _MAX_STARS:
        return False
    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
