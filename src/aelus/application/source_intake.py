"""Reading the files of a revision and parsing them, both at once, in bounded batches."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field

from aelus.application.progress import Stopwatch, Tracker
from aelus.domain.facts import FileFacts
from aelus.domain.jobs import Stage
from aelus.domain.source import SkippedFile, SkipReason, SourceFile
from aelus.domain.text import decode_source
from aelus.ports.errors import LocationNotFound
from aelus.ports.parser import ParseOutcome, Parser, ParseRequest
from aelus.ports.source_reader import SourceReader, SourceTree

BATCH_FILES = 64
BATCH_BYTES = 4 * 1024 * 1024


def reader_of(readers: Sequence[SourceReader], location: str) -> SourceReader:
    """The first reader that knows such locations. Raises LocationNotFound when there is none."""
    for reader in readers:
        if reader.accepts(location):
            return reader
    raise LocationNotFound(f"{location!r} is neither a folder nor the address of a Git repository.", "Give a path or an https:// URL.")


@dataclass(slots=True)
class Intake:
    """What has been read and parsed so far, by path."""

    facts: dict[str, FileFacts] = field(default_factory=dict)
    sources: dict[str, bytes] = field(default_factory=dict)
    skipped: list[SkippedFile] = field(default_factory=list)

    def take(self, outcome: ParseOutcome) -> None:
        if outcome.facts is not None:
            self.facts[outcome.path] = outcome.facts
        if outcome.skipped is not None:
            self.skipped.append(outcome.skipped)
            self.sources.pop(outcome.path, None)


class SourceIntake:
    """Streams files from a tree through a parser."""

    def __init__(self, *, tree: SourceTree, parser: Parser, watch: Stopwatch, tracker: Tracker, keep_sources: bool) -> None:
        self._tree = tree
        self._parser = parser
        self._watch = watch
        self._tracker = tracker
        self._keep_sources = keep_sources

    async def parse(self, files: Sequence[SourceFile], *, already: int = 0) -> Intake:
        """Parse the files; `already` counts those whose facts are known, for the progress."""
        intake = Intake()
        total = already + len(files)
        self._tracker(Stage.PARSE, already, total, files_processed=already, files_total=total)
        with self._watch("parse"):
            async for outcome in self._parser.parse(self._requests(files, intake)):
                intake.take(outcome)
                done = already + len(intake.facts) + len(intake.skipped)
                self._tracker(Stage.PARSE, done, total, files_processed=done)
        return intake

    def note_parsed(self, done: int, total: int) -> None:
        """Report files that were parsed, here or elsewhere."""
        self._tracker(Stage.PARSE, done, total, files_processed=done, files_total=total)

    async def texts(self, files: Sequence[SourceFile]) -> dict[str, str]:
        """Read manifests as text; those that are none are left out."""
        sources = {file.path: source async for file, source in self.read(files) if source is not None}
        decoded = {path: decode_source(source) for path, source in sources.items()}
        return {path: text for path, text in decoded.items() if text is not None}

    async def read(self, files: Sequence[SourceFile]) -> AsyncIterator[tuple[SourceFile, bytes | None]]:
        """Each file with its bytes, or with None where it is no longer as it was listed."""
        for batch in batches(files):
            with self._watch("read"):
                sources = await self._tree.read([file.path for file in batch])
            for file, source in zip(batch, sources, strict=True):
                yield file, source

    async def _requests(self, files: Sequence[SourceFile], intake: Intake) -> AsyncIterator[ParseRequest]:
        async for file, source in self.read(files):
            if source is None:
                intake.skipped.append(changed_meanwhile(file.path))
                continue
            if self._keep_sources:
                intake.sources[file.path] = source
            yield ParseRequest(path=file.path, language=file.language, source=source)


def changed_meanwhile(path: str) -> SkippedFile:
    return SkippedFile(path=path, reason=SkipReason.UNREADABLE, detail="changed or vanished while it was being read")


def batches(files: Sequence[SourceFile]) -> Iterator[list[SourceFile]]:
    """Cut into runs of bounded number and size; a file above the size goes alone."""
    batch: list[SourceFile] = []
    size_bytes = 0
    for file in files:
        if batch and (len(batch) == BATCH_FILES or size_bytes + file.size_bytes > BATCH_BYTES):
            yield batch
            batch, size_bytes = [], 0
        batch.append(file)
        size_bytes += file.size_bytes
    if batch:
        yield batch
