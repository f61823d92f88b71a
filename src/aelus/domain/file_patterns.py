"""Which files of a repository its owner wants to be indexed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from aelus.domain.path_pattern import path_matcher
from aelus.domain.source import Revision, SkippedFile, SkipReason

MAX_PATTERNS: Final = 50
MAX_PATTERN: Final = 500
NOT: Final = "!"


class FilePatterns:
    """Globs over paths; one that begins with `!` leaves out what it fits. Without any other one, all files are wanted."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._wanted = [path_matcher(one) for one in patterns if not one.startswith(NOT)]
        self._unwanted = [path_matcher(one[1:]) for one in patterns if one.startswith(NOT)]

    def admit(self, path: str) -> bool:
        wanted = not self._wanted or any(one.search(path) for one in self._wanted)
        return wanted and not any(one.search(path) for one in self._unwanted)


def narrowed(revision: Revision, patterns: Sequence[str]) -> Revision:
    """The revision with the files that the patterns admit; manifests stay, which tell what the others mean."""
    if not patterns:
        return revision
    admitted = FilePatterns(patterns)
    kept = tuple(file for file in revision.files if not file.language or admitted.admit(file.path))
    left_out = len(revision.files) - len(kept)
    if not left_out:
        return revision
    note = SkippedFile(path="~patterns", reason=SkipReason.IGNORED, detail=f"{left_out} files fit no file pattern")
    return replace(revision, files=kept, skipped=(*revision.skipped, note))
