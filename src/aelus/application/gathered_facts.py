"""Facts that others have stored, read while more of them are on their way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

from aelus.domain.facts import FileFacts
from aelus.domain.source import SourceFile

Read = Callable[[Sequence[SourceFile]], Awaitable[Mapping[str, FileFacts]]]
"""Stored facts by path."""


class GatheredFacts:
    """Reads in the background. Leaving the context waits until all is read that was noted, or gives up when the context failed."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._noted: list[SourceFile] = []
        self._reading: asyncio.Task[None] | None = None
        self.facts: dict[str, FileFacts] = {}
        """By path, as far as they are read."""

    def note(self, files: Sequence[SourceFile]) -> None:
        """The facts of these files are stored. What is noted while others are read, is read together. Raises what reading raised before."""
        self._noted.extend(files)
        if self._reading is not None and self._reading.done():
            self._reading.result()
            self._reading = None
        if self._reading is None and self._noted:
            self._reading = asyncio.create_task(self._read_noted())

    async def _read_noted(self) -> None:
        while self._noted:
            files, self._noted = self._noted, []
            self.facts.update(await self._read(files))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._reading is None:
            return
        if error is None:
            await self._reading
        else:
            self._reading.cancel()
            await asyncio.wait([self._reading])
