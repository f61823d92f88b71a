"""What indexing and parsing tell when they are done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aelus.domain.linking import LinkedGraph
from aelus.domain.repository import IndexCounts, RepositoryId
from aelus.domain.source import UNREAD, FileChanges, Revision, SkippedFile
from aelus.ports.errors import NothingToIndex
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


def nothing_to_index(location: str, revision: Revision) -> NothingToIndex:
    """What to say of a revision without code: what it has in its place."""
    if not revision.files and not revision.skipped:
        return NothingToIndex(f"{location} is empty.", "Give a folder with source code.")
    counts = count_reasons(revision.skipped)
    reasons = ", ".join(f"{count} {reason}" for reason, count in counts.items())
    return NothingToIndex(
        f"{location} holds no file of a known language{f' ({reasons})' if reasons else ''}.",
        "Give a folder with source code, or look at .gitignore and .aelusignore.",
    )
