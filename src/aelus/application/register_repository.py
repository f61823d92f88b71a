"""Make a repository known, under a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import uuid4

from aelus.application.branch_index import index_of_branch
from aelus.application.known_quotas import KnownQuotas
from aelus.domain.file_patterns import MAX_PATTERN, MAX_PATTERNS, NOT
from aelus.domain.repository import PUSHED, Repository, RepositoryKind
from aelus.domain.tenancy import TenantId
from aelus.ports.clock import Clock
from aelus.ports.errors import Conflict, InvalidRequest, LocationNotFound
from aelus.ports.repository_store import RepositoryStore
from aelus.ports.source_reader import SourceReader

MAX_NAME = 100
MAX_LOCATION = 2048
MAX_BRANCH = 250
_NAME = re.compile(r"[A-Za-z0-9._/-]{1,100}")
_NO_PART = frozenset(("", ".", ".."))
"""Between strokes of a name."""
_CREDENTIALS = re.compile(r"(?!(?:git\+)?ssh(?:\+git)?://[^/?#:@]*@)[a-z][a-z0-9+.-]*://[^/?#]*@", re.IGNORECASE)
"""But for the user name of an address of ssh, which is no secret."""
_BRANCH = re.compile(r"(?!-)[^\x00-\x20\x7f~^:?*\[\\]{0,250}")


class RegisterRepository:
    def __init__(self, *, repositories: RepositoryStore, readers: Sequence[SourceReader], clock: Clock, quotas: KnownQuotas) -> None:
        self._quotas = quotas
        self._repositories = repositories
        self._readers = readers
        self._clock = clock

    async def __call__(
        self, tenant: TenantId, location: str, *, name: str = "", branch: str = "", kind: RepositoryKind = RepositoryKind.LIBRARY
    ) -> Repository:
        """Record a repository; without a name it takes the last part of its location. Nothing is read from the location yet.

        Raises:
            InvalidRequest: the name, the branch or the location cannot be one.
            Conflict: another repository has this name.
            QuotaExceeded: the tenant has as many repositories as it may have.
        """
        check_location(location, self._readers)
        repository = Repository(
            id=uuid4(),
            name=check_name(name or default_name(location)),
            location=location,
            branch=check_branch(branch),
            kind=kind,
            created_at=self._clock.now(),
        )
        return await self._added(tenant, repository)

    async def for_pushes(
        self, tenant: TenantId, name: str, *, branch: str = "", kind: RepositoryKind = RepositoryKind.LIBRARY
    ) -> Repository:
        """Record a repository whose files are pushed. Raises InvalidRequest, Conflict, QuotaExceeded."""
        repository = Repository(
            id=uuid4(),
            name=check_name(name),
            location=f"{PUSHED}{name}",
            branch=check_branch(branch),
            kind=kind,
            created_at=self._clock.now(),
        )
        return await self._added(tenant, repository)

    async def _added(self, tenant: TenantId, repository: Repository) -> Repository:
        quotas = await self._quotas(tenant)
        await self._repositories.add(tenant, repository, most=None if quotas is None else quotas.repositories)
        return repository

    async def find_or_add_pushed(self, tenant: TenantId, name: str) -> Repository:
        """The repository of this name, whose files are pushed. Raises as `for_pushes`, Conflict where it is read from elsewhere."""
        found = await self._repositories.find(tenant, name)
        if found is None:
            return await self.for_pushes(tenant, name)
        if not found.takes_pushes:
            raise Conflict(f"The repository {name!r} is read from {found.location}.", "Push to one of another name.")
        return found

    async def find_or_add(self, tenant: TenantId, location: str, *, name: str = "", branch: str = "") -> tuple[Repository, bool]:
        """The repository of this name and location, or the index of a further branch of it, and whether it is new.

        Raises as the call, Conflict for another location's name.
        """
        wanted = check_name(name or default_name(location))
        found = await self._repositories.find(tenant, wanted)
        if found is None:
            return await self(tenant, location, name=wanted, branch=branch), True
        if found.location != location:
            raise Conflict(f"The name {wanted!r} belongs to {found.location}.", "Give this one another with --name.")
        return await index_of_branch(self._repositories, tenant, found, check_branch(branch), now=self._clock.now())


def default_name(location: str) -> str:
    """The last part of a path or an address, in the characters that a name may have."""
    last = location.rstrip("/\\").replace("\\", "/").rpartition("/")[2].removesuffix(".git")
    return re.sub(r"[^A-Za-z0-9._-]+", "-", last).strip("-")[:MAX_NAME] or "root"


def check_name(name: str) -> str:
    if not _NAME.fullmatch(name) or not _NO_PART.isdisjoint(name.split("/")):
        raise InvalidRequest(
            f"{name[:MAX_NAME]!r} cannot be the name of a repository.",
            "Use 1 to 100 of letters, digits, '.', '_', '-', and '/' between parts.",
        )
    return name


def check_branch(branch: str) -> str:
    if not _BRANCH.fullmatch(branch):
        raise InvalidRequest(f"{branch[:MAX_BRANCH]!r} cannot be the name of a branch.", "Give the name as `git branch` shows it.")
    return branch


def check_patterns(patterns: Sequence[str]) -> tuple[str, ...]:
    """Raises InvalidRequest for too many, too long or empty ones."""
    if len(patterns) > MAX_PATTERNS:
        raise InvalidRequest(f"{len(patterns)} file patterns are too many.", f"Give at most {MAX_PATTERNS}.")
    for pattern in patterns:
        if not 1 <= len(pattern.removeprefix(NOT)) <= MAX_PATTERN or "\0" in pattern:
            raise InvalidRequest(f"{pattern[:MAX_NAME]!r} cannot be a file pattern.", "Give a pattern such as src/**/*.py or !**/test_*.")
    return tuple(patterns)


def check_location(location: str, readers: Sequence[SourceReader]) -> str:
    """Raises LocationNotFound for what no reader knows, InvalidRequest for an address with credentials in it, which would be stored."""
    if len(location) > MAX_LOCATION or "\0" in location or not any(reader.accepts(location) for reader in readers):
        raise LocationNotFound(
            f"{location[:200]!r} is neither a folder nor the address of a Git repository.", "Give an absolute path or an https:// URL."
        )
    if _CREDENTIALS.match(location):
        raise InvalidRequest("The address carries a user name or a password, which would be stored with it.", "Leave them out.")
    return location
