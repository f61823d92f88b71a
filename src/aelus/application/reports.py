"""What indexing and parsing tell when they are done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aelus.domain.linking import LinkedGraph
from aelus.domain.repository import IndexCounts, RepositoryId
from aelus.domain.source import UNREAD, FileChanges, SkippedFile
from aelus.ports.index_store import Written

INDEX_STAGES = ("read", "parse", "link", "chunk", "embed", "write", "total")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexReport:
    repository_id: RepositoryId
    repository: str
    """Its name."""
    commit: str
    changes: FileChanges
    """Against the index before this run."""
    counts: IndexCounts
    """Of the whole index, not only of what changed."""
    skipped_files: tuple[SkippedFile, ...]
    written: Written
    truncated: bool
    """Whether a bound of the linker was hit, so that edges may be missing."""
    seconds: Mapping[str, float]
    """By stage, see `INDEX_STAGES`. Stages overlap."""
    given_up: tuple[tuple[str, int], ...] = ()
    """Files with calls that are followed in part, and how many, those with most first; of this run, and none where a server made it."""
    lacking: int = 0
    """Texts of this run whose vectors are still to be made."""

    @property
    def skipped(self) -> Mapping[str, int]:
        """Number of files left out, by reason."""
        return count_reasons(self.skipped_files)

    @property
    def up_to_date(self) -> bool:
        """Whether there was nothing to write."""
        return self.written == Written()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFolder:
    """A linked graph that is kept nowhere."""

    graph: LinkedGraph
    files: int
    lines: int
    skipped_files: tuple[SkippedFile, ...]
    seconds: Mapping[str, float]

    @property
    def skipped(self) -> Mapping[str, int]:
        return count_reasons(self.skipped_files)


def unread_files(skipped: Iterable[SkippedFile]) -> tuple[SkippedFile, ...]:
    """Those with a name that would have been taken, had they been read."""
    return tuple(file for file in skipped if file.path and file.reason in UNREAD)


def count_reasons(skipped: Iterable[SkippedFile]) -> dict[str, int]:
    """Files left out, by reason, the most frequent first."""
    return dict(Counter(file.reason.value for file in skipped).most_common())


def name_reasons(skipped: Iterable[SkippedFile]) -> str:
    """Say the counts in words: `12 ignored, 3 unknown_language`."""
    return ", ".join(f"{count} {reason}" for reason, count in count_reasons(skipped).items()) or "no other file"
