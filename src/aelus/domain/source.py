"""Files of a repository as they come from a folder or a Git tree, and the reasons to leave one out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|[^/\\]+@[^/\\]+:")


def is_address(location: str) -> bool:
    """Whether a location is a URL or the `user@host:path` of ssh; others are paths."""
    return _ADDRESS.match(location) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One file of a revision, known but not yet read."""

    path: str
    """Relative to the repository's root, with `/`."""
    size_bytes: int
    blob_hash: str
    """`content_hash` of its bytes: equal bytes have equal hashes in every source."""
    language: str
    """Name of a language room, or empty for a manifest."""


class SkipReason(StrEnum):
    IGNORED = "ignored"
    """Named by `.gitignore` or `.aelusignore`."""
    VENDORED = "vendored"
    GENERATED = "generated"
    MINIFIED = "minified"
    TOO_LARGE = "too_large"
    BINARY = "binary"
    UNREADABLE = "unreadable"
    SYMLINK = "symlink"
    UNKNOWN_LANGUAGE = "unknown_language"
    TIMEOUT = "timeout"
    DATA = "data"
    """Text that is no prose."""
    MEMORY = "memory"
    PARSER_FAILED = "parser_failed"
    INTERRUPTED = "interrupted"
    """What parsed it was ended from outside: the machine lacked memory, as a rule."""


PASSING: Final = frozenset((SkipReason.UNREADABLE, SkipReason.INTERRUPTED))
"""Reasons that do not lie in the bytes of a file: the next run tries it again."""
UNREAD: Final = PASSING | {SkipReason.TOO_LARGE, SkipReason.TIMEOUT, SkipReason.MEMORY, SkipReason.PARSER_FAILED}
"""Reasons of files that would have been taken, had they been read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedFile:
    path: str
    reason: SkipReason
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One state of a repository's files."""

    location: str
    """Absolute path or URL that it was read from."""
    branch: str
    """Branch name; empty for a folder without Git."""
    commit: str
    """40 hexadecimal digits; empty for a folder without Git."""
    files: tuple[SourceFile, ...]
    """Sorted by path."""
    skipped: tuple[SkippedFile, ...]
    """Sorted by path. A left-out folder is one entry, its path ending in `/`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChanges:
    """Paths of files, sorted."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.added) + len(self.changed) + len(self.removed)


def compare_files(before: Mapping[str, str], after: Mapping[str, str]) -> FileChanges:
    """What changed between two states of a repository: path → hash of the file's bytes."""
    both = before.keys() & after.keys()
    return FileChanges(
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(sorted(path for path in both if before[path] != after[path])),
        removed=tuple(sorted(before.keys() - after.keys())),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLimits:
    """Bounds of one repository. A larger file is skipped; more files or bytes than allowed refuse the repository."""

    max_file_bytes: int = 2 * 1024 * 1024
    max_files: int = 200_000
    """Source files and manifests, after every exclusion."""
    max_total_bytes: int = 2 * 1024 * 1024 * 1024
    """Of the same files."""
