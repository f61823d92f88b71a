"""Which files of a repository are indexed: the same answer for a folder and for a Git tree."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

from aelus.domain.exclusions import excluded_name, excluded_source
from aelus.domain.graph import content_hash
from aelus.domain.source import SkippedFile, SkipReason, SourceFile, SourceLimits

MAX_NAMED_SKIPS: Final = 10_000
"""Files of unknown languages that are named one by one; those beyond are one entry together."""


class Selection:
    """Takes the files of one repository, one after the other, and keeps count.

    `documents` are the languages whose files are no code.

    `manifests` are names of files that are kept without a language; one `*` in a name stands for any text.

    A reader asks `language` first, `admits` before it reads the bytes, and `take` with them.
    """

    def __init__(
        self, *, language_of: Callable[[str], str], manifests: Collection[str], limits: SourceLimits, documents: Collection[str] = ()
    ) -> None:
        self._language_of = language_of
        self._documents = documents
        self._manifests = frozenset(name for name in manifests if "*" not in name)
        self._patterns = tuple(name.partition("*")[::2] for name in manifests if "*" in name)
        self._limits = limits
        self._files: list[SourceFile] = []
        self._skipped: list[SkippedFile] = []
        self._total_bytes = 0
        self._unknown = 0

    def language(self, path: str) -> str | None:
        """Language of a path, empty for a manifest; None for a file that is neither, which is counted here."""
        language = self._language_of(path)
        if language or self._is_manifest(path):
            return language
        self._unknown += 1
        if self._unknown <= MAX_NAMED_SKIPS:
            self.skip(path, SkipReason.UNKNOWN_LANGUAGE)
        return None

    def _is_manifest(self, path: str) -> bool:
        name = path.rpartition("/")[2]
        return name in self._manifests or any(name.startswith(head) and name.endswith(tail) for head, tail in self._patterns)

    def admits(self, path: str, size_bytes: int, *, named: bool = False) -> bool:
        """Whether to read a file of this size; if not, it is counted. `named`: a person asked for it in spite of its name."""
        if size_bytes > self._limits.max_file_bytes:
            self.skip(path, SkipReason.TOO_LARGE, f"{size_bytes} bytes; {self._limits.max_file_bytes} are allowed")
            return False
        reason = None if named else excluded_name(path.rpartition("/")[2])
        if reason and not self._is_manifest(path):
            self.skip(path, reason, "by its name")
            return False
        return True

    def take(self, path: str, language: str, source: bytes, *, named: bool = False) -> None:
        """Add a file with its bytes, or count it as skipped."""
        excluded = excluded_source(source, prose=language in self._documents) if language and not named else None
        if excluded:
            self.skip(path, *excluded)
            return
        self._total_bytes += len(source)
        self._files.append(SourceFile(path=path, size_bytes=len(source), blob_hash=content_hash(source), language=language))

    def skip(self, path: str, reason: SkipReason, detail: str = "") -> None:
        self._skipped.append(SkippedFile(path=path, reason=reason, detail=detail))

    @property
    def excess(self) -> str:
        """Which limit is exceeded, in words; empty while none is."""
        if len(self._files) > self._limits.max_files:
            return f"more than {self._limits.max_files} source files (max_files)"
        if self._total_bytes > self._limits.max_total_bytes:
            return f"more than {self._limits.max_total_bytes} bytes of source (max_repository_bytes)"
        return ""

    def files(self) -> tuple[SourceFile, ...]:
        """Sorted by path."""
        return tuple(sorted(self._files, key=lambda file: file.path))

    def skipped(self) -> tuple[SkippedFile, ...]:
        """Sorted by path."""
        unnamed = self._unknown - MAX_NAMED_SKIPS
        if unnamed > 0:
            detail = f"{unnamed} more files of no known language"
            return (*self._sorted(), SkippedFile(path="~", reason=SkipReason.UNKNOWN_LANGUAGE, detail=detail))
        return self._sorted()

    def _sorted(self) -> tuple[SkippedFile, ...]:
        return tuple(sorted(self._skipped, key=lambda file: file.path))
