"""Parse and link a folder, and keep nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack

from aelus.application.index_stages import link_files
from aelus.application.progress import Report, Stopwatch, Tracker, ignore
from aelus.application.reports import ParsedFolder, nothing_to_index
from aelus.application.source_intake import SourceIntake, reader_of
from aelus.domain.jobs import Stage
from aelus.domain.source import Revision
from aelus.ports.parser import Parser
from aelus.ports.source_reader import SourceReader


class ParseFolder:
    """The graph of a folder or repository without a store behind it. Its node ids name no repository."""

    def __init__(self, *, readers: Sequence[SourceReader], parser: Parser) -> None:
        self._readers = readers
        self._parser = parser

    async def __call__(self, location: str, *, branch: str = "", report: Report = ignore) -> ParsedFolder:
        """Read, parse and link.

        Raises:
            LocationNotFound, LimitExceeded, Unavailable: the source cannot be opened.
            NothingToIndex: it holds no file of a known language.
        """
        watch, tracker = Stopwatch(), Tracker(report)
        async with AsyncExitStack() as stack:
            with watch("read"):
                tree = await stack.enter_async_context(reader_of(self._readers, location).open(location, branch))
            _refuse_nothing(tree.revision)
            code = [file for file in tree.revision.files if file.language]
            intake = SourceIntake(tree=tree, parser=self._parser, watch=watch, tracker=tracker, keep_sources=False)
            parsed = await intake.parse(code)
            manifests = await intake.texts([file for file in tree.revision.files if not file.language])
        tracker(Stage.LINK, 0, 1)
        with watch("link"):
            traits = self._parser.traits()
            graph = await asyncio.to_thread(link_files, code, parsed.facts, manifests, traits=traits, repository="", branch="")
        return ParsedFolder(
            graph=graph,
            files=len(parsed.facts),
            lines=sum(facts.lines for facts in parsed.facts.values()),
            skipped_files=tuple(sorted((*tree.revision.skipped, *parsed.skipped), key=lambda file: file.path)),
            seconds=watch.seconds(),
        )


def _refuse_nothing(revision: Revision) -> None:
    if not any(file.language for file in revision.files):
        raise nothing_to_index(revision.location, revision)
