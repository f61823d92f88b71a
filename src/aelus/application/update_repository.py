"""Change what is recorded of a repository."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from aelus.application.branch_index import check_is_whole
from aelus.application.register_repository import check_branch, check_location, check_name, check_patterns
from aelus.domain.repository import Repository, RepositoryId, RepositoryKind, branch_name
from aelus.domain.secrets import FOR_ITS_SERVER
from aelus.domain.tenancy import TenantId
from aelus.ports.errors import InvalidRequest
from aelus.ports.repository_store import RepositoryStore
from aelus.ports.secret_store import SecretStore
from aelus.ports.source_reader import SourceReader

_USUAL_PORTS: Final = {"https": ":443", "http": ":80", "ssh": ":22"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryChange:
    """New values; None leaves a field as it is."""

    name: str | None = None
    location: str | None = None
    branch: str | None = None
    kind: RepositoryKind | None = None
    file_patterns: tuple[str, ...] | None = None


class UpdateRepository:
    def __init__(self, *, repositories: RepositoryStore, secrets: SecretStore, readers: Sequence[SourceReader]) -> None:
        self._repositories = repositories
        self._secrets = secrets
        self._readers = readers

    async def __call__(self, tenant: TenantId, repository_id: RepositoryId, change: RepositoryChange) -> Repository:
        """Write the change, which its branches follow. The index follows with the next run. Raises NotFound, Conflict, InvalidRequest.

        What is kept for its server is forgotten unless the new location is another spelling of the old one: who may change the location
        may not read with a credential what its owner has not given it for.
        """
        current = await self._repositories.get(tenant, repository_id)
        check_is_whole(current)
        if current.takes_pushes and change.location is not None:
            raise InvalidRequest(f"The files of {current.name!r} are pushed; it is read from nowhere.", "Register another repository.")
        changed = replace(
            current,
            name=current.name if change.name is None else check_name(change.name),
            location=current.location if change.location is None else check_location(change.location, self._readers),
            branch=current.branch if change.branch is None else check_branch(change.branch),
            kind=change.kind or current.kind,
            file_patterns=current.file_patterns if change.file_patterns is None else check_patterns(change.file_patterns),
        )
        if _address(changed.location) != _address(current.location):
            for purpose in FOR_ITS_SERVER:
                await self._secrets.forget(tenant, repository_id, purpose)
        await self._repositories.update(tenant, changed)
        for one in await self._repositories.branches(tenant, repository_id):
            name = branch_name(changed.name, one.branch)
            await self._repositories.update(tenant, replace(changed, id=one.id, name=name, branch=one.branch))
        return changed


def _address(location: str) -> tuple[str, ...]:
    """What names one repository on one server: equal for its usual spellings, and different in doubt."""
    head, colon, path = location.partition(":")
    if colon and "@" in head and "/" not in head:
        return "ssh", head.lower(), _without_suffix(path)
    try:
        parts = urlsplit(location)
    except ValueError:
        return (location,)
    scheme = parts.scheme.lower()
    server = parts.netloc.lower().removesuffix(_USUAL_PORTS.get(scheme, ":"))
    return scheme, server, _without_suffix(parts.path), parts.query, parts.fragment


def _without_suffix(path: str) -> str:
    return path.rstrip("/").removesuffix(".git")
