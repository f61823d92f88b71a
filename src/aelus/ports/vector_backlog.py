"""Passages that are indexed already and whose vectors are still to be made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from aelus.domain.chunks import Chunk
from aelus.domain.repository import RepositoryId
from aelus.domain.search import Vector
from aelus.domain.tenancy import TenantId


class VectorBacklog(Protocol):
    """An index whose change named `lacking` contents has a backlog, until `fill` has been told that nothing is left."""

    async def lacking(self, tenant: TenantId, repository: RepositoryId, *, model: str, limit: int) -> Sequence[Chunk]:
        """Chunks of the repository's index that have no vector; none where the index is of another model, or gone."""
        ...

    async def fill(self, tenant: TenantId, repository: RepositoryId, vectors: Mapping[str, Vector], *, model: str) -> int:
        """Give the chunks of these contents their vectors, of which readers hear as of a new version; returns how many are left to be made.

        What no chunk of the index holds any more is left out, and so is all where the index is of another model by now. Where all of them
        had theirs already, somebody else is at the rest: none is left for the caller.
        """
        ...

    async def refuse(self, tenant: TenantId, repository: RepositoryId, error: str) -> None:
        """Keep why vectors of the repository could not be made, of which `MAX_VECTORS_ERROR` characters stay, until some are or its model
        is another one.
        """
        ...

    async def due(self, tenant: TenantId, *, silent_s: float) -> Sequence[RepositoryId]:
        """Repositories with a backlog that nobody has written or asked for within so many seconds. They count as asked for by that."""
        ...
