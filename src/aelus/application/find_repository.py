"""Finding repositories by the names that people give."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Final, Protocol

from aelus.domain.repository import Repository, RepositoryId
from aelus.domain.tenancy import TenantId
from aelus.ports.errors import NotFound
from aelus.ports.repository_store import RepositoryStore

NOTHING_INDEXED: Final = "Nothing is indexed yet."
MOST_NAMED: Final = 5


class NamedRepositories(Protocol):
    """As much of `RepositoryStore` as finding by name takes."""

    async def find(self, tenant: TenantId, name: str) -> Repository | None: ...

    async def list(self, tenant: TenantId) -> Sequence[Repository]: ...


async def repository_named(repositories: NamedRepositories, tenant: TenantId, name: str) -> Repository:
    """The repository of this name.

    Raises NotFound, with the names that come closest.
    """
    found = await repositories.find(tenant, name)
    if found is None:
        raise NotFound(f"There is no repository named {name!r}.", await _hint(repositories, tenant, name))
    return found


class FindRepositories:
    """Turns the names of repositories into their ids."""

    def __init__(self, *, repositories: RepositoryStore) -> None:
        self._repositories = repositories

    async def __call__(self, tenant: TenantId, names: Sequence[str]) -> tuple[RepositoryId, ...]:
        """Ids in the order of the names. Raises NotFound."""
        return tuple([(await repository_named(self._repositories, tenant, name)).id for name in names])


async def _hint(repositories: NamedRepositories, tenant: TenantId, name: str) -> str:
    known = [repository.name for repository in await repositories.list(tenant)]
    if not known:
        return NOTHING_INDEXED
    close = difflib.get_close_matches(name, known, n=3)
    shown = close or known[:MOST_NAMED]
    others = 0 if close else len(known) - len(shown)
    return f"Known are: {', '.join(shown)}{f' and {others:,} more' if others else ''}."
