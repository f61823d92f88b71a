"""Everything that an index holds, for comparing two of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from aelus.domain.chunks import Chunk
from aelus.domain.graph import CodeNode, Edge
from aelus.domain.repository import IndexCounts, Repository
from aelus.domain.search import SearchFilter
from aelus.domain.source import SkippedFile
from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.errors import NothingToIndex
from aelus.ports.index_store import FileState

PROBE = "call a method"
"""A question whose distance to a vector tells whether it is the right one."""
TOLERANCE = 1e-5
"""Of two scores of equal vectors: sums are not made in the same order where vectors lie beside others."""


async def known(folder: Path, *services: UseCases) -> Repository:
    """A new repository in the folder, known to all of the services."""
    one = Repository(id=uuid4(), name=uuid4().hex, location=str(folder), branch="", created_at=datetime(2026, 1, 1, tzinfo=UTC))
    for service in services:
        await service.ports().repositories.add(LOCAL_TENANT, one)
    return one


async def index_if_any(use_cases: UseCases, repository: Repository) -> bool:
    """Index what lies at the repository's location; false when there is no code and never was."""
    try:
        await use_cases.index_repository()(LOCAL_TENANT, repository.id)
    except NothingToIndex:
        return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """All that is stored of a repository, but for the time and number of the writing."""

    graph: list[CodeNode | Edge]
    files: list[FileState]
    skipped: tuple[SkippedFile, ...]
    counts: IndexCounts
    chunks: list[Chunk]
    nearness: Mapping[str, float] = field(compare=False)
    """Id of a chunk → how near its vector is to the probe."""

    def assert_equals(self, other: Rows) -> None:
        assert self == other
        assert self.nearness.keys() == other.nearness.keys()
        assert list(self.nearness.values()) == pytest.approx(list(other.nearness.values()), abs=TOLERANCE)


async def rows(use_cases: UseCases, repository: Repository) -> Rows:
    ports = use_cases.ports()
    async with ports.indexes.session(LOCAL_TENANT, repository.id) as session:
        snapshot = await session.snapshot()
    chunks = [chunk for path in sorted(snapshot.files) for chunk in await ports.vectors.of_file(LOCAL_TENANT, repository.id, path)]
    probe, where = await ports.embedder.embed_query(PROBE), SearchFilter(repositories=(repository.id,))
    near = await ports.vectors.nearest(LOCAL_TENANT, probe, model=ports.embedder.model, where=where, limit=len(chunks) + 1)
    return Rows(
        graph=[item async for item in ports.graph.export(LOCAL_TENANT, repository.id)],
        files=[snapshot.files[path] for path in sorted(snapshot.files)],
        skipped=snapshot.skipped,
        counts=snapshot.counts,
        chunks=chunks,
        nearness={found.chunk.id: found.score for found in sorted(near, key=lambda found: found.chunk.id)},
    )
