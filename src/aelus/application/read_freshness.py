"""How far the index of a repository can be trusted: what it was made from, when, and what is not in it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

from aelus.application.reports import count_reasons, unread_files
from aelus.domain.context_pack import Source
from aelus.domain.repository import Repository, RepositoryId
from aelus.domain.tenancy import TenantId
from aelus.ports.errors import NotFound
from aelus.ports.repository_store import RepositoryStore

MAX_UNREAD: Final = 5

T = TypeVar("T")


class ReadFreshness:
    def __init__(self, *, repositories: RepositoryStore) -> None:
        self._repositories = repositories

    async def __call__(self, tenant: TenantId, repository: Repository) -> Source | None:
        """None for a repository that has no index."""
        index = repository.index
        if index is None:
            return None
        skipped = await self._repositories.skipped(tenant, repository.id) if index.counts.skipped else ()
        return Source(
            repository_id=repository.id,
            repository=repository.name,
            commit=index.commit,
            version=index.version,
            indexed_at=index.indexed_at,
            files=index.counts.files,
            skipped=count_reasons(skipped),
            unread=tuple(file.path for file in unread_files(skipped))[:MAX_UNREAD],
            truncated=index.truncated,
        )

    async def settled(self, tenant: TenantId, repositories: Sequence[RepositoryId], read: Callable[[], Awaitable[T]]) -> T:
        """What `read` answers from one state of the indexes of `repositories` (all where empty): read again, once, where one was written
        meanwhile.
        """
        before = await self._repositories.stamps(tenant, repositories)
        answer = await read()
        return answer if before == await self._repositories.stamps(tenant, repositories) else await read()

    async def source(self, tenant: TenantId, repository: RepositoryId) -> Source | None:
        """The same by id; None as well where the repository is gone."""
        try:
            found = await self._repositories.get(tenant, repository)
        except NotFound:
            return None
        return await self(tenant, found)
