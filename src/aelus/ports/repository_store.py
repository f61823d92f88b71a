"""Repositories of a tenant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from aelus.domain.repository import IndexStamp, Repository, RepositoryId
from aelus.domain.source import SkippedFile
from aelus.domain.tenancy import TenantId


class RepositoryStore(Protocol):
    async def add(self, tenant: TenantId, repository: Repository, *, most: int | None = None) -> None:
        """Raises Conflict when the name is taken, QuotaExceeded when the tenant has `most` already, however many are added at once."""
        ...

    async def get(self, tenant: TenantId, repository: RepositoryId) -> Repository:
        """Raises NotFound."""
        ...

    async def owner(self, repository: RepositoryId) -> TenantId | None:
        """Whose repository it is, unless they are deleted.

        For requests that prove by the repository's own secret that they may ask; nothing else is told.
        """
        ...

    async def find(self, tenant: TenantId, name: str) -> Repository | None: ...

    async def list(self, tenant: TenantId, *, after: str = "", limit: int = 100) -> Sequence[Repository]:
        """By name, those whose name is greater than `after`; further branches are among them."""
        ...

    async def branches(self, tenant: TenantId, repository: RepositoryId) -> Sequence[Repository]:
        """The further branches of a repository, by name."""
        ...

    async def skipped(self, tenant: TenantId, repository: RepositoryId) -> Sequence[SkippedFile]:
        """Files that the index leaves out, by path; none for a repository without an index. Raises NotFound."""
        ...

    async def stamps(self, tenant: TenantId, repositories: Sequence[RepositoryId] = ()) -> Sequence[IndexStamp]:
        """Of all repositories but further branches, or of those named that exist; by id."""
        ...

    async def update(self, tenant: TenantId, repository: Repository) -> None:
        """Write name, location, branch and kind; the index state is `IndexStore`'s. Raises NotFound, Conflict."""
        ...

    async def remove(self, tenant: TenantId, repository: RepositoryId) -> None:
        """Remove it with its branches and all that was indexed from it. Raises NotFound.

        Vectors that a first run has made before it failed are kept for the next one.
        """
        ...
