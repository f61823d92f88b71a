"""The repositories of a tenant, page by page."""

from __future__ import annotations

from dataclasses import dataclass

from aelus.domain.repository import Repository
from aelus.domain.tenancy import TenantId
from aelus.ports.errors import InvalidRequest
from aelus.ports.repository_store import RepositoryStore

MAX_PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryPage:
    items: tuple[Repository, ...]
    next_after: str
    """Name to go on after; empty at the end."""


class ListRepositories:
    def __init__(self, *, repositories: RepositoryStore) -> None:
        self._repositories = repositories

    async def __call__(self, tenant: TenantId, *, after: str = "", limit: int = MAX_PAGE) -> RepositoryPage:
        """At most `limit` (1 to 100) repositories by name. Raises InvalidRequest."""
        if not 1 <= limit <= MAX_PAGE:
            raise InvalidRequest(f"A page of {limit} repositories cannot be asked for.", f"Ask for 1 to {MAX_PAGE}.")
        found = tuple(await self._repositories.list(tenant, after=after, limit=limit + 1))
        return RepositoryPage(items=found[:limit], next_after=found[limit - 1].name if len(found) > limit else "")

    async def all(self, tenant: TenantId) -> tuple[Repository, ...]:
        """Every repository, by name."""
        page = await self(tenant)
        items = page.items
        while page.next_after:
            page = await self(tenant, after=page.next_after)
            items += page.items
        return items
