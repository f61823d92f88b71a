"""Further branches of a repository: each is an index of its own beside the first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from aelus.domain.repository import Repository, branch_name
from aelus.domain.tenancy import TenantId, visible_repositories
from aelus.ports.errors import Conflict, NotAllowed
from aelus.ports.repository_store import RepositoryStore


async def index_of_branch(
    repositories: RepositoryStore, tenant: TenantId, repository: Repository, branch: str, *, now: datetime
) -> tuple[Repository, bool]:
    """The index of a branch, and whether it is new: the repository itself where that is the branch that it indexes.

    Raises:
        Conflict: the same branch was added, and removed again, meanwhile.
        NotAllowed: only some of the tenant's repositories are open to whoever asks, and this branch, if it is there, is none of them.
    """
    if branch in ("", repository.branch):
        return repository, False
    name = branch_name(repository.name, branch)
    known = await repositories.find(tenant, name)
    if known is not None:
        return known, False
    if visible_repositories(tenant) is not None:
        raise NotAllowed("Only those may add a branch to whom all repositories of the tenant are open.", "Ask an administrator for it.")
    new = replace(repository, id=uuid4(), name=name, branch=branch, branch_of=repository.id, created_at=now, index=None)
    try:
        await repositories.add(tenant, new)
    except Conflict:
        known = await repositories.find(tenant, name)  # somebody else asked for it just now
        if known is None:
            raise
        return known, False
    return new, True


def check_is_whole(repository: Repository) -> None:
    """Raises Conflict: it is a further branch, which has everything but its index from its repository."""
    if repository.branch_of is not None:
        raise Conflict(f"{repository.name!r} is a branch of another repository.", "Ask for that of the repository itself.")
