"""Facts of others are read while more are on their way."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from aelus.application.gathered_facts import GatheredFacts
from aelus.domain.facts import FileFacts
from aelus.domain.source import SourceFile
from aelus.ports.errors import Unavailable
from index_builder import facts


def file(path: str) -> SourceFile:
    return SourceFile(path=path, language="python", blob_hash=f"{path}!", size_bytes=1)


class Store:
    """Answers when it may."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()
        self.asked: list[list[str]] = []

    async def read(self, files: Sequence[SourceFile]) -> Mapping[str, FileFacts]:
        self.asked.append([one.path for one in files])
        await self.may_answer.wait()
        return {one.path: facts() for one in files}


async def test_what_is_noted_while_others_are_read_is_read_together() -> None:
    store = Store()
    async with GatheredFacts(store.read) as gathered:
        for path in "abc":
            gathered.note([file(path)])
            await asyncio.sleep(0)
        store.may_answer.set()
    assert store.asked == [["a"], ["b", "c"]]
    assert sorted(gathered.facts) == ["a", "b", "c"]


async def test_nothing_is_read_where_nobody_helped() -> None:
    store = Store()
    async with GatheredFacts(store.read) as gathered:
        gathered.note([])
    assert (store.asked, gathered.facts) == ([], {})


async def test_what_reading_raises_is_not_lost() -> None:
    async def fail(_files: Sequence[SourceFile]) -> Mapping[str, FileFacts]:
        raise Unavailable("The store is away.")

    with pytest.raises(Unavailable):
        async with GatheredFacts(fail) as gathered:
            gathered.note([file("a")])


async def test_a_context_that_fails_waits_for_no_answer() -> None:
    gathered = GatheredFacts(Store().read)
    gathered.note([file("a")])
    async with asyncio.timeout(5):
        await gathered.__aexit__(ZeroDivisionError, ZeroDivisionError(), None)
    assert gathered.facts == {}
