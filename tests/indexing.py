"""The use case that indexes, put together by hand, for tests that replace a part of it."""

from __future__ import annotations

from typing import Any

from aelus.application.index_repository import IndexRepository
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.parser import Parser


def indexing(use_cases: UseCases, parser: Parser | None = None, **others: Any) -> IndexRepository:
    """With another parser, or other settings of `IndexRepository`, than those of the container."""
    ports = use_cases.ports()
    return IndexRepository(
        readers=ports.readers,
        pushed=use_cases.pushed_source(),
        parser=parser or ports.parser,
        embedder=ports.embedder,
        indexes=ports.indexes,
        repositories=ports.repositories,
        secrets=ports.secrets,
        quotas=use_cases.known_quotas(),
        **others,
    )
