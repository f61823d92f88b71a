"""What a run left out, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from aelus.domain.source import SkippedFile
from aelus.entrypoints.cli.terminal import printable

MOST_NAMED: Final = 5


def left_out_text(reasons: Mapping[str, int]) -> str:
    """The counts: `12 ignored, 3 unknown language`."""
    return ", ".join(f"{count:,} {reason.replace('_', ' ')}" for reason, count in reasons.items())


def left_out_line(file: SkippedFile) -> str:
    """A file and what was in its way."""
    return f"{printable(file.path)}  {_reason(file)}"


def unread_lines(unread: Sequence[SkippedFile]) -> Iterator[str]:
    """The first files that would have been taken, had they been read, with what was in the way."""
    for file in unread[:MOST_NAMED]:
        yield f"not read: {printable(file.path)} ({_reason(file)})"
    if len(unread) > MOST_NAMED:
        yield f"not read: {len(unread) - MOST_NAMED:,} files more"


def _reason(file: SkippedFile) -> str:
    return f"{file.reason.value.replace('_', ' ')}{file.detail and ': '}{printable(file.detail)}"
