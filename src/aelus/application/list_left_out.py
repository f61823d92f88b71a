"""Files that the index of a repository leaves out, page by page."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

from aelus.domain.repository import RepositoryId
from aelus.domain.source import SkippedFile
from aelus.domain.tenancy import TenantId
from aelus.ports.errors import InvalidRequest
from aelus.ports.repository_store import RepositoryStore

MAX_PAGE: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOutPage:
    items: tuple[SkippedFile, ...]
    next_after: str
    """Path to go on after; empty at the end."""


class ListLeftOut:
    def __init__(self, *, repositories: RepositoryStore) -> None:
        self._repositories = repositories

    async def __call__(self, tenant: TenantId, repository: RepositoryId, *, after: str = "", limit: int = MAX_PAGE) -> LeftOutPage:
        """At most `limit` (1 to 1000) files by path, each with the reason; a folder that is left out as a whole is one, and ends in `/`.

        Raises InvalidRequest, NotFound.
        """
        if not 1 <= limit <= MAX_PAGE:
            raise InvalidRequest(f"A page of {limit} files cannot be asked for.", f"Ask for 1 to {MAX_PAGE}.")
        files = sorted(await self._repositories.skipped(tenant, repository), key=lambda file: file.path)
        start = bisect_right(files, after, key=lambda file: file.path) if after else 0
        page = tuple(files[start : start + limit])
        return LeftOutPage(items=page, next_after=page[-1].path if start + limit < len(files) else "")

    async def all(self, tenant: TenantId, repository: RepositoryId) -> tuple[SkippedFile, ...]:
        """Every one, by path. Raises NotFound."""
        page = await self(tenant, repository)
        items = page.items
        while page.next_after:
            page = await self(tenant, repository, after=page.next_after)
            items += page.items
        return items
